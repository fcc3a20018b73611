using ILGPU;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>
/// C = A · B for 16-bit numbers by tensor cores: 128 x 128 results a group of eight warps, 64 x 32 a warp, summed in f32. Slices of both sides go through shared memory, the next one loaded while one is multiplied.
/// </summary>
internal static class MmaKernel
{
    public const int Threads = 256;
    public const int SizeLog = 7;

    private const int LineQuads = HalfSlice.Depth / HalfSlice.Run;

    public static void Run<TTarget, TSums, TMma, TRight, TPlaces>(ArrayView<ushort> a, ArrayView<ushort> b, ArrayView<TTarget> c, HalfLines left, TRight right, TPlaces places, TileGrid grid)
        where TTarget : unmanaged where TSums : struct, ISumStorage<TTarget> where TMma : struct, IMma where TRight : struct, IHalfLines where TPlaces : struct, IPlaces
    {
        var sharedA = SharedMemory.Allocate<Quad<uint>>(2 * HalfSlice.Quads);
        var sharedB = SharedMemory.Allocate<Quad<uint>>(2 * HalfSlice.Quads);
        var scratch = SharedMemory.Allocate<uint>(TMma.Scratch);
        var (lane, warp) = (Group.IdxX & 31, Group.IdxX >> 5);
        // Two warps lie below each other, four beside each other.
        var (down, across) = ((warp & 1) << 6, (warp >> 1) << 5);
        for (long tile = Grid.IdxX; tile < grid.Tiles; tile += Grid.DimX)
        {
            var part = Division.Divide(tile, grid.PerBatch, out var rest);
            var batch = Division.Divide(part, grid.Parts, out var inDepth);
            var (row, column) = (((int)rest / grid.PerRow) << SizeLog, ((int)rest % grid.PerRow) << SizeLog);
            var (sideA, sideB, results) = (left, right, places);
            sideA.Begin(batch, row, (int)inDepth * grid.Depth);
            sideB.Begin(batch, column, (int)inDepth * grid.Depth);
            results.Begin(part);
            WarpRow sums0 = default, sums1 = default, sums2 = default, sums3 = default;
            sideA.Put(sharedA, sideA.Load(a), isLeft: true);
            sideB.Put(sharedB, sideB.Load(b), isLeft: false);
            Group.Barrier();
            var stage = 0;
            for (var depth = 0; depth < grid.Depth; depth += HalfSlice.Depth)
            {
                // What is loaded here arrives while the slice before is multiplied. The last time nobody needs it, but a branch would cost more.
                sideA.Advance();
                sideB.Advance();
                var nextA = sideA.Load(a);
                var nextB = sideB.Load(b);
                var columns = WarpColumns.Load(sharedB.SubView(stage + (across * LineQuads)), lane);
                var rows = sharedA.SubView(stage + (down * LineQuads));
                sums0 = sums0.Plus<TMma>(rows, 0, lane, columns, scratch);
                sums1 = sums1.Plus<TMma>(rows, 16, lane, columns, scratch);
                sums2 = sums2.Plus<TMma>(rows, 32, lane, columns, scratch);
                sums3 = sums3.Plus<TMma>(rows, 48, lane, columns, scratch);
                stage = HalfSlice.Quads - stage;
                sideA.Put(sharedA.SubView(stage), nextA, isLeft: true);
                sideB.Put(sharedB.SubView(stage), nextB, isLeft: false);
                Group.Barrier();
            }
            sums0.Store<TTarget, TSums, TPlaces>(c, results, row + down, column + across, lane);
            sums1.Store<TTarget, TSums, TPlaces>(c, results, row + down + 16, column + across, lane);
            sums2.Store<TTarget, TSums, TPlaces>(c, results, row + down + 32, column + across, lane);
            sums3.Store<TTarget, TSums, TPlaces>(c, results, row + down + 48, column + across, lane);
        }
    }
}
