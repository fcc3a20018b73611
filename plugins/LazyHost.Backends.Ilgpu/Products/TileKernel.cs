using System.Numerics;
using ILGPU;
using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>
/// C = A · B by tiles: a group of 256 threads loads slices of both sides into shared memory, turned so that the depth comes first, while it multiplies the slice before. Every result is summed in order of the depth.
/// </summary>
internal static class TileKernel
{
    public const int Threads = 256;

    /// <summary>A slice has 1,024 numbers: 128 lines of depth 8, or 64 of depth 16.</summary>
    private const int SliceLog = 10;

    /// <summary>Four numbers between two depths of a slice, so that threads that load along the depth write to different banks.</summary>
    private const int Padding = 4;

    /// <summary>Quads of the larger of both kinds of slice.</summary>
    private const int SliceQuads = 16 * (64 + Padding) / 4;

    public static void Run<TStored, T, TStorage, TTarget, TTargetStorage, TBlock, TLeft, TRight, TPlaces>(
        ArrayView<TStored> a, ArrayView<TStored> b, ArrayView<TTarget> c, TLeft left, TRight right, TPlaces places, TileGrid grid)
        where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> where TTarget : unmanaged where TTargetStorage : struct, IStorage<TTarget, T>
        where TBlock : struct, IBlock<TBlock, T> where TLeft : struct, ILines where TRight : struct, ILines where TPlaces : struct, IPlaces
    {
        var sharedA = SharedMemory.Allocate<Quad<T>>(2 * SliceQuads);
        var sharedB = SharedMemory.Allocate<Quad<T>>(2 * SliceQuads);
        var (down, across) = (Group.IdxX >> 4, Group.IdxX & 15);
        var depthLog = SliceLog - TBlock.SizeLog;
        var (slice, line) = (1 << depthLog, (1 << TBlock.SizeLog) + Padding);
        for (long tile = Grid.IdxX; tile < grid.Tiles; tile += Grid.DimX)
        {
            var part = Division.Divide(tile, grid.PerBatch, out var rest);
            var batch = Division.Divide(part, grid.Parts, out var inDepth);
            var inBatch = (int)rest;
            var (row, column) = ((inBatch / grid.PerRow) << TBlock.SizeLog, (inBatch % grid.PerRow) << TBlock.SizeLog);
            var (sideA, sideB, results) = (left, right, places);
            var (stepA, stepB) = (Begin(ref sideA, batch, row, (int)inDepth * grid.Depth, TBlock.SizeLog), Begin(ref sideB, batch, column, (int)inDepth * grid.Depth, TBlock.SizeLog));
            var (placeA, placeB) = (Place<TLeft>(sideA, TBlock.SizeLog), Place<TRight>(sideB, TBlock.SizeLog));
            results.Begin(part);
            var sums = default(TBlock);
            Put(sharedA.Cast<T>(), placeA, stepA, sideA.Load<TStored, T, TStorage>(a));
            Put(sharedB.Cast<T>(), placeB, stepB, sideB.Load<TStored, T, TStorage>(b));
            Group.Barrier();
            var stage = 0;
            for (var depth = slice; depth < grid.Depth + slice; depth += slice)
            {
                // What is loaded here arrives while the slice before is multiplied.
                Quad<T> nextA = default, nextB = default;
                if (depth < grid.Depth)
                {
                    sideA.Advance(slice);
                    sideB.Advance(slice);
                    nextA = sideA.Load<TStored, T, TStorage>(a);
                    nextB = sideB.Load<TStored, T, TStorage>(b);
                }
                for (var k = 0; k < slice; k++)
                    sums = sums.Plus(sharedA, sharedB, stage + (k * (line >> 2)) + down, stage + (k * (line >> 2)) + across);
                stage = SliceQuads - stage;
                if (depth < grid.Depth)
                {
                    Put(sharedA.Cast<T>(), (4 * stage) + placeA, stepA, nextA);
                    Put(sharedB.Cast<T>(), (4 * stage) + placeB, stepB, nextB);
                }
                Group.Barrier();
            }
            sums.Store<TTarget, TTargetStorage, TPlaces>(c, results, row, column, down, across);
        }
    }

    /// <summary>Sends a thread to its numbers; how far apart they lie in a slice.</summary>
    private static int Begin<TSide>(ref TSide side, long batch, int first, int depth, int sizeLog) where TSide : struct, ILines
    {
        var depthLog = SliceLog - sizeLog;
        if (side.IsAlongDepth)
        {
            side.Begin(batch, first + (Group.IdxX >> depthLog), Threads >> depthLog, depth + (Group.IdxX & ((1 << depthLog) - 1)), 0);
            return Threads >> depthLog;
        }
        side.Begin(batch, first + (Group.IdxX & ((1 << sizeLog) - 1)), 0, depth + (Group.IdxX >> sizeLog), Threads >> sizeLog);
        return (Threads >> sizeLog) * ((1 << sizeLog) + Padding);
    }

    /// <summary>Where the thread's first number goes in a slice.</summary>
    private static int Place<TSide>(TSide side, int sizeLog) where TSide : struct, ILines
    {
        var (depthLog, line) = (SliceLog - sizeLog, (1 << sizeLog) + Padding);
        return side.IsAlongDepth ? ((Group.IdxX & ((1 << depthLog) - 1)) * line) + (Group.IdxX >> depthLog) : ((Group.IdxX >> sizeLog) * line) + (Group.IdxX & ((1 << sizeLog) - 1));
    }

    private static void Put<T>(ArrayView<T> shared, int place, int step, Quad<T> numbers) where T : unmanaged, INumber<T>
    {
        shared[place] = numbers.X;
        shared[place + step] = numbers.Y;
        shared[place + (2 * step)] = numbers.Z;
        shared[place + (3 * step)] = numbers.W;
    }
}
