using System.Numerics;
using ILGPU;
using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>C = A · B for few results to a line of A, which memory bounds: a group sums some rows of A times one column of B, several threads to a row, and adds up what they found.</summary>
internal static class LineKernel
{
    public const int ThreadsLog = 8;

    /// <param name="a">The larger side.</param>
    /// <param name="b">The other side.</param>
    /// <param name="c">The results.</param>
    /// <param name="placeA">Where A lies.</param>
    /// <param name="placeB">Where B lies.</param>
    /// <param name="placeC">Where C lies.</param>
    /// <param name="sizes">Sizes.</param>
    /// <param name="rowsLog">The base-2 logarithm of the rows of a group; neighbouring threads take neighbouring rows where that of A's rows is the contiguous way, else neighbouring depths.</param>
    public static void Run<TStored, T, TStorage>(
        ArrayView<TStored> a, ArrayView<TStored> b, ArrayView<TStored> c, StridedMatrix placeA, StridedMatrix placeB, StridedMatrix placeC, ProductSizes sizes, int rowsLog)
        where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    {
        var shared = SharedMemory.Allocate<T>(1 << ThreadsLog);
        var (rows, lanes) = (1 << rowsLog, 1 << (ThreadsLog - rowsLog));
        var isAlongDepth = placeA.ColumnStride == 1;
        var lane = isAlongDepth ? Group.IdxX & (lanes - 1) : Group.IdxX >> rowsLog;
        var inGroup = isAlongDepth ? Group.IdxX >> (ThreadsLog - rowsLog) : Group.IdxX & (rows - 1);
        var perColumn = (sizes.M + rows - 1) >> rowsLog;
        for (long i = Grid.IdxX; i < perColumn * sizes.N * sizes.Batch; i += Grid.DimX)
        {
            var line = i / perColumn;
            var (batch, column) = (line / sizes.N, line % sizes.N);
            var row = ((i - (line * perColumn)) << rowsLog) + inGroup;
            T sum = T.Zero, second = T.Zero;
            if (row < sizes.M)
            {
                var (fromA, fromB) = (placeA.Place(batch, row, 0), placeB.Place(batch, 0, column));
                long k = lane;
                for (; k + lanes < sizes.K; k += 2 * lanes)
                {
                    sum += TStorage.Widen(a[fromA + (k * placeA.ColumnStride)]) * TStorage.Widen(b[fromB + (k * placeB.RowStride)]);
                    second += TStorage.Widen(a[fromA + ((k + lanes) * placeA.ColumnStride)]) * TStorage.Widen(b[fromB + ((k + lanes) * placeB.RowStride)]);
                }
                if (k < sizes.K) sum += TStorage.Widen(a[fromA + (k * placeA.ColumnStride)]) * TStorage.Widen(b[fromB + (k * placeB.RowStride)]);
            }
            shared[(lane << rowsLog) + inGroup] = sum + second;
            Group.Barrier();
            for (var half = lanes >> 1; half > 0; half >>= 1)
            {
                if (lane < half) shared[(lane << rowsLog) + inGroup] += shared[((lane + half) << rowsLog) + inGroup];
                Group.Barrier();
            }
            if (lane == 0 && row < sizes.M) c[placeC.Place(batch, row, column)] = TStorage.Narrow(shared[inGroup]);
            Group.Barrier();
        }
    }
}
