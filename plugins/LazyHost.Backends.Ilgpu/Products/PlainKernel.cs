using System.Numerics;
using ILGPU;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>C = A · B with a thread for each result: for integers, matrices of a few rows and columns, and sizes beyond 2^31.</summary>
internal static class PlainKernel
{
    public static void Run<TStored, T, TStorage>(
        ArrayView<TStored> a, ArrayView<TStored> b, ArrayView<TStored> c, StridedMatrix placeA, StridedMatrix placeB, StridedMatrix placeC, ProductSizes sizes)
        where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    {
        var count = sizes.Results;
        for (var i = Walk.First; i < count; i += Walk.Step)
        {
            var batch = Division.Divide(Division.Divide(i, sizes.N, out var column), sizes.M, out var row);
            var (fromA, fromB) = (placeA.Place(batch, row, 0), placeB.Place(batch, 0, column));
            var sum = T.Zero;
            for (long k = 0; k < sizes.K; k++, fromA += placeA.ColumnStride, fromB += placeB.RowStride)
                sum += TStorage.Widen(a[fromA]) * TStorage.Widen(b[fromB]);
            c[placeC.Place(batch, row, column)] = TStorage.Narrow(sum);
        }
    }
}
