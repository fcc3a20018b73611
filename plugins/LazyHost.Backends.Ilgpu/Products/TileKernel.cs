using System.Numerics;
using ILGPU;
using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>
/// C = A · B by tiles: a group of 256 threads loads slices of both sides into shared memory, turned so that the depth comes first, while it multiplies the slice before. Every result is summed in order of the depth.
/// </summary>
internal static class TileKernel
{
    /// <summary>Depths multiplied without a loop.</summary>
    private const int Unrolled = 8;

    public static void Run<TStored, T, TStorage, TTarget, TTargetStorage, TBlock, TLeft, TRight, TPlaces>(
        ArrayView<TStored> a, ArrayView<TStored> b, ArrayView<TTarget> c, TLeft left, TRight right, TPlaces places, TileGrid grid)
        where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> where TTarget : unmanaged where TTargetStorage : struct, IStorage<TTarget, T>
        where TBlock : struct, IBlock<TBlock, T> where TLeft : struct, ILines where TRight : struct, ILines where TPlaces : struct, IPlaces
    {
        var sharedA = SharedMemory.Allocate<Quad<T>>(2 * TileSlice.Quads);
        var sharedB = SharedMemory.Allocate<Quad<T>>(2 * TileSlice.Quads);
        // A warp computes 4 x 8 blocks, so that it reads few different numbers.
        var down = ((Group.IdxX >> 6) << 2) + ((Group.IdxX >> 3) & 3);
        var across = ((Group.IdxX >> 2) & 8) + (Group.IdxX & 7);
        var (slice, pitch) = (1 << TileSlice.DepthLog(TBlock.SizeLog), TileSlice.Pitch(TBlock.SizeLog) >> 2);
        for (long tile = Grid.IdxX; tile < grid.Tiles; tile += Grid.DimX)
        {
            var part = Division.Divide(tile, grid.PerBatch, out var rest);
            var batch = Division.Divide(part, grid.Parts, out var inDepth);
            var inBatch = (int)rest;
            var (row, column) = ((inBatch / grid.PerRow) << TBlock.SizeLog, (inBatch % grid.PerRow) << TBlock.SizeLog);
            var (sideA, sideB, results) = (left, right, places);
            sideA.Begin(batch, row, (int)inDepth * grid.Depth, TBlock.SizeLog);
            sideB.Begin(batch, column, (int)inDepth * grid.Depth, TBlock.SizeLog);
            results.Begin(part);
            sideA.Put(sharedA, sideA.Load<TStored, T, TStorage>(a));
            sideB.Put(sharedB, sideB.Load<TStored, T, TStorage>(b));
            Group.Barrier();
            var sums = default(TBlock);
            var stage = 0;
            for (var depth = 0; depth < grid.Depth; depth += slice)
            {
                // What is loaded here arrives while the slice before is multiplied. The last time nobody needs it, but a branch would cost more.
                sideA.Advance(slice);
                sideB.Advance(slice);
                var nextA = sideA.Load<TStored, T, TStorage>(a);
                var nextB = sideB.Load<TStored, T, TStorage>(b);
                for (var k = 0; k < slice; k += Unrolled)
                    sums = Plus<TBlock, T>(sums, sharedA.SubView(stage + (k * pitch) + down), sharedB.SubView(stage + (k * pitch) + across), pitch);
                stage = TileSlice.Quads - stage;
                sideA.Put(sharedA.SubView(stage), nextA);
                sideB.Put(sharedB.SubView(stage), nextB);
                Group.Barrier();
            }
            sums.Store<TTarget, TTargetStorage, TPlaces>(c, results, row, column, down, across);
        }
    }
    /// <summary>Views begin at the thread's own numbers: what is added to that is constant, and part of the instruction that loads.</summary>
    private static TBlock Plus<TBlock, T>(TBlock sums, ArrayView<Quad<T>> a, ArrayView<Quad<T>> b, int pitch) where TBlock : struct, IBlock<TBlock, T> where T : unmanaged, INumber<T> =>
        sums.Plus(a, b, 0).Plus(a, b, pitch).Plus(a, b, 2 * pitch).Plus(a, b, 3 * pitch).Plus(a, b, 4 * pitch).Plus(a, b, 5 * pitch).Plus(a, b, 6 * pitch).Plus(a, b, 7 * pitch);
}
