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

    private const int StageWords = HalfLines.Lines * HalfLines.LineWords;

    public static void Run<TStorage, TMma>(ArrayView<Quad<uint>> a, ArrayView<Quad<uint>> b, ArrayView<ushort> c, HalfLines left, HalfLines right, MatrixPlaces places, TileGrid grid)
        where TStorage : struct, IStorage<ushort, float> where TMma : struct, IMma
    {
        var sharedA = SharedMemory.Allocate<Quad<uint>>(2 * StageWords / 4);
        var sharedB = SharedMemory.Allocate<Quad<uint>>(2 * StageWords / 4);
        var scratch = SharedMemory.Allocate<uint>(TMma.Scratch);
        var (lane, warp) = (Group.IdxX & 31, Group.IdxX >> 5);
        // Two warps lie below each other, four beside each other.
        var (down, across) = ((warp & 1) << 6, (warp >> 1) << 5);
        for (long tile = Grid.IdxX; tile < grid.Tiles; tile += Grid.DimX)
        {
            var batch = Division.Divide(tile, grid.PerBatch, out var rest);
            var (row, column) = (((int)rest / grid.PerRow) << SizeLog, ((int)rest % grid.PerRow) << SizeLog);
            var (sideA, sideB, results) = (left, right, places);
            sideA.Begin(batch, row);
            sideB.Begin(batch, column);
            results.Begin(batch);
            WarpRow sums0 = default, sums1 = default, sums2 = default, sums3 = default;
            sideA.Put(sharedA, 0, sideA.First(a), sideA.Second(a));
            sideB.Put(sharedB, 0, sideB.First(b), sideB.Second(b));
            Group.Barrier();
            var stage = 0;
            for (var depth = HalfLines.Slice; depth < grid.Depth + HalfLines.Slice; depth += HalfLines.Slice)
            {
                Quad<uint> firstA = default, secondA = default, firstB = default, secondB = default;
                if (depth < grid.Depth)
                {
                    sideA.Advance();
                    sideB.Advance();
                    firstA = sideA.First(a);
                    secondA = sideA.Second(a);
                    firstB = sideB.First(b);
                    secondB = sideB.Second(b);
                }
                for (var pair = 0; pair < HalfLines.Slice / 2; pair += 8)
                {
                    var columns = LoadB(sharedB.Cast<uint>(), stage + (across * HalfLines.LineWords) + pair, lane);
                    var rows = stage + (down * HalfLines.LineWords) + pair;
                    sums0 = sums0.Plus<TMma>(LoadA(sharedA.Cast<uint>(), rows, lane), columns, scratch);
                    sums1 = sums1.Plus<TMma>(LoadA(sharedA.Cast<uint>(), rows + (16 * HalfLines.LineWords), lane), columns, scratch);
                    sums2 = sums2.Plus<TMma>(LoadA(sharedA.Cast<uint>(), rows + (32 * HalfLines.LineWords), lane), columns, scratch);
                    sums3 = sums3.Plus<TMma>(LoadA(sharedA.Cast<uint>(), rows + (48 * HalfLines.LineWords), lane), columns, scratch);
                }
                stage = StageWords - stage;
                if (depth < grid.Depth)
                {
                    sideA.Put(sharedA, stage, firstA, secondA);
                    sideB.Put(sharedB, stage, firstB, secondB);
                }
                Group.Barrier();
            }
            Store<TStorage>(c, results, row + down, column + across, lane, sums0);
            Store<TStorage>(c, results, row + down + 16, column + across, lane, sums1);
            Store<TStorage>(c, results, row + down + 32, column + across, lane, sums2);
            Store<TStorage>(c, results, row + down + 48, column + across, lane, sums3);
        }
    }

    private static Quad<uint> LoadA(ArrayView<uint> shared, int start, int lane) =>
        new() { X = A(shared, start, lane, 0), Y = A(shared, start, lane, 1), Z = A(shared, start, lane, 2), W = A(shared, start, lane, 3) };

    private static uint A(ArrayView<uint> shared, int start, int lane, int register) => shared[start + (MmaFragment.RowOfA(lane, register) * HalfLines.LineWords) + MmaFragment.PairOfA(lane, register)];

    private static WarpColumns LoadB(ArrayView<uint> shared, int start, int lane) => new() { Low = LoadB(shared, start, lane, 0), High = LoadB(shared, start, lane, 1) };

    private static Quad<uint> LoadB(ArrayView<uint> shared, int start, int lane, int register) =>
        new() { X = B(shared, start, lane, register, 0), Y = B(shared, start, lane, register, 8), Z = B(shared, start, lane, register, 16), W = B(shared, start, lane, register, 24) };

    private static uint B(ArrayView<uint> shared, int start, int lane, int register, int column) =>
        shared[start + ((column + MmaFragment.ColumnOfB(lane)) * HalfLines.LineWords) + MmaFragment.PairOfB(lane, register)];

    private static void Store<TStorage>(ArrayView<ushort> to, MatrixPlaces places, int row, int column, int lane, WarpRow sums) where TStorage : struct, IStorage<ushort, float>
    {
        Store<TStorage>(to, places, row, column, lane, sums.A);
        Store<TStorage>(to, places, row, column + 8, lane, sums.B);
        Store<TStorage>(to, places, row, column + 16, lane, sums.C);
        Store<TStorage>(to, places, row, column + 24, lane, sums.D);
    }

    private static void Store<TStorage>(ArrayView<ushort> to, MatrixPlaces places, int row, int column, int lane, Quad<float> sums) where TStorage : struct, IStorage<ushort, float>
    {
        Store<TStorage>(to, places.Place(row + MmaFragment.RowOfSum(lane, 0), column + MmaFragment.ColumnOfSum(lane, 0)), sums.X);
        Store<TStorage>(to, places.Place(row + MmaFragment.RowOfSum(lane, 1), column + MmaFragment.ColumnOfSum(lane, 1)), sums.Y);
        Store<TStorage>(to, places.Place(row + MmaFragment.RowOfSum(lane, 2), column + MmaFragment.ColumnOfSum(lane, 2)), sums.Z);
        Store<TStorage>(to, places.Place(row + MmaFragment.RowOfSum(lane, 3), column + MmaFragment.ColumnOfSum(lane, 3)), sums.W);
    }

    private static void Store<TStorage>(ArrayView<ushort> to, long place, float sum) where TStorage : struct, IStorage<ushort, float>
    {
        if (place >= 0) to[place] = TStorage.Narrow(sum);
    }
}
