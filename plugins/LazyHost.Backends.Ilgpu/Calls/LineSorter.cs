using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>
/// Sorts lines, stably, NaN as the greatest. Groups sort pieces of up to 1,024 elements in shared memory; then runs are merged two by two, each element finding its place in the other run by bisection.
/// </summary>
/// <param name="session">The device.</param>
/// <param name="axis">Where the lines lie.</param>
/// <param name="target">Where the sorted lines go.</param>
/// <param name="isDescending">True for the greatest first.</param>
internal sealed class LineSorter<TStored, T, TStorage>(DeviceSession session, Axis axis, Axis target, bool isDescending)
    where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
{
    private const int MostLog = 10;
    private const int LeastLog = 6;
    private const int Most = 1 << MostLog;

    private readonly PieceLauncher sort = session.Kernels.Get<PieceLauncher>(((Delegate)SortPieces).Method);
    private readonly MergeLauncher? merge = axis.Size > Most ? session.Kernels.Get<MergeLauncher>(((Delegate)Merge).Method) : null;
    private readonly int sign = isDescending ? -1 : 1;

    private delegate void PieceLauncher(AcceleratorStream stream, KernelConfig config, ArrayView<TStored> from, ArrayView<TStored> to, ArrayView<long> indices, Axis axis, Axis target, int pieceLog, int sign);

    private delegate void MergeLauncher(
        AcceleratorStream stream, KernelConfig config, ArrayView<TStored> from, ArrayView<long> fromIndices, ArrayView<TStored> to, ArrayView<long> indices, Axis axis, Axis target, int runLog, int sign);

    public unsafe void Enqueue(RunContext context, ArrayView<TStored> from, ArrayView<TStored> to, ArrayView<long> indices)
    {
        if (axis.Count == 0) return;
        var pieceLog = LeastLog;
        while (pieceLog < MostLog && (1L << pieceLog) < axis.Size) pieceLog++;
        var (pieces, merges) = (((axis.Size - 1) >> pieceLog) + 1, 0);
        while (((pieces - 1) >> merges) > 0) merges++;
        var (packed, bytes) = (new Axis(axis.Lines, axis.Size, 1), axis.Count * (sizeof(TStored) + sizeof(long)));
        using ScratchBuffer? first = merges > 0 ? context.Rent(bytes) : null;
        using ScratchBuffer? second = merges > 1 ? context.Rent(bytes) : null;
        var threads = Math.Min(Grids.Threads, 1 << (pieceLog - 1));
        var (values, places, layout) = Turn(0);
        sort(context.Stream, Grids.Groups(axis.Lines * pieces, threads), from, values, places, axis, layout, pieceLog, sign);
        for (var i = 1; i <= merges; i++)
        {
            var (nextValues, nextPlaces, nextLayout) = Turn(i);
            merge!(context.Stream, Grids.Each(axis.Count), values, places, nextValues, nextPlaces, layout, nextLayout, pieceLog + i - 1, sign);
            (values, places, layout) = (nextValues, nextPlaces, nextLayout);
        }

        // Where a pass writes: the last one to the target, those before in turns to the rented memory, indices first because of their alignment.
        (ArrayView<TStored>, ArrayView<long>, Axis) Turn(int pass)
        {
            if (pass == merges) return (to, indices, target);
            var rented = (((merges - pass) & 1) == 1 ? first : second)!.Value.View;
            return (rented.SubView(axis.Count * sizeof(long)).Cast<TStored>(), rented.SubView(0, axis.Count * sizeof(long)).Cast<long>(), packed);
        }
    }

    private static long Place(Axis axis, long line, long i) => (Division.Divide(line, axis.Inner, out var inner) * axis.Size * axis.Inner) + inner + (i * axis.Inner);

    /// <summary>A bitonic network over pieces of a power of two; what fills them up comes last.</summary>
    private static void SortPieces(ArrayView<TStored> from, ArrayView<TStored> to, ArrayView<long> indices, Axis axis, Axis target, int pieceLog, int sign)
    {
        var values = SharedMemory.Allocate<T>(Most);
        var places = SharedMemory.Allocate<int>(Most);
        var (piece, pieces) = (1 << pieceLog, ((axis.Size - 1) >> pieceLog) + 1);
        for (long work = Grid.IdxX; work < axis.Lines * pieces; work += Grid.DimX)
        {
            var line = Division.Divide(work, pieces, out var start);
            start <<= pieceLog;
            for (var i = Group.IdxX; i < piece; i += Group.DimX)
            {
                var isElement = start + i < axis.Size;
                values[i] = isElement ? TStorage.Widen(from[Place(axis, line, start + i)]) : T.Zero;
                places[i] = isElement ? i : i + Most;
            }
            Group.Barrier();
            for (var size = 2; size <= piece; size <<= 1)
                for (var distance = size >> 1; distance > 0; distance >>= 1)
                {
                    for (var i = Group.IdxX; i < piece >> 1; i += Group.DimX)
                    {
                        var low = ((i & ~(distance - 1)) << 1) | (i & (distance - 1));
                        var high = low | distance;
                        var (a, b, placeA, placeB) = (values[low], values[high], places[low], places[high]);
                        if (IsBefore(b, placeB, a, placeA, sign) != ((low & size) == 0)) continue;
                        values[low] = b;
                        values[high] = a;
                        places[low] = placeB;
                        places[high] = placeA;
                    }
                    Group.Barrier();
                }
            for (var i = Group.IdxX; i < piece; i += Group.DimX)
            {
                if (start + i >= axis.Size) continue;
                var place = Place(target, line, start + i);
                to[place] = TStorage.Narrow(values[i]);
                indices[place] = start + places[i];
            }
            Group.Barrier();
        }
    }

    private static bool IsBefore(T a, int placeA, T b, int placeB, int sign)
    {
        var order = placeA < Most && placeB < Most ? sign * Order.Compare(a, b) : 0;
        // Nothing but elements that fill up have places from Most on.
        return order < 0 || (order == 0 && placeA < placeB);
    }

    private static void Merge(ArrayView<TStored> from, ArrayView<long> fromIndices, ArrayView<TStored> to, ArrayView<long> indices, Axis axis, Axis target, int runLog, int sign)
    {
        for (var work = Walk.First; work < axis.Lines * axis.Size; work += Walk.Step)
        {
            var line = Division.Divide(work, axis.Size, out var i);
            var own = from[Place(axis, line, i)];
            var value = TStorage.Widen(own);
            var run = i >> runLog;
            var isLeft = (run & 1) == 0;
            var start = (run >> 1) << (runLog + 1);
            // In the other run, equal elements come first where it is the left one.
            var low = isLeft ? start + (1L << runLog) : start;
            var high = isLeft ? low + (1L << runLog) : start + (1L << runLog);
            low = low < axis.Size ? low : axis.Size;
            high = high < axis.Size ? high : axis.Size;
            var first = low;
            while (low < high)
            {
                var middle = (low + high) >> 1;
                var order = sign * Order.Compare(TStorage.Widen(from[Place(axis, line, middle)]), value);
                if (order < 0 || (order == 0 && !isLeft)) low = middle + 1;
                else high = middle;
            }
            var place = Place(target, line, start + (i & ((1L << runLog) - 1)) + (low - first));
            to[place] = own;
            indices[place] = fromIndices[Place(axis, line, i)];
        }
    }
}
