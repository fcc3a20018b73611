using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>
/// Runs <see cref="TileKernel"/> with the tiles that fit the sizes. Where there are too few of them to keep a device busy, groups share the depth: each sums a part of it into memory of the run, and the parts are
/// added up in order.
/// </summary>
internal sealed class TileProduct<TStored, T, TStorage, TLeft, TRight, TPlaces>
    where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> where TLeft : struct, ILines where TRight : struct, ILines where TPlaces : struct, IPlaces
{
    /// <summary>The least depth of a part.</summary>
    private const long LeastDepth = 256;

    /// <summary>Bytes of sums that leave registers for two groups on a multiprocessor, which then computes with one while the other waits.</summary>
    private const int MostSums = 256;

    private readonly ProductSizes sizes;
    private readonly TileGrid grid;
    private readonly Launcher<TStored, TPlaces>? whole;
    private readonly Launcher<T, MatrixPlaces>? parts;
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<TStored>, TPlaces, ProductSizes, int>? sum;

    public TileProduct(DeviceSession session, ProductSizes sizes)
    {
        this.sizes = sizes;
        var isLarge = Math.Min(sizes.M, sizes.N) > 64 && TileGrid.Of(sizes, LargeBlock<T>.SizeLog).Tiles >= TileGrid.Many;
        grid = TileGrid.Of(sizes, isLarge ? LargeBlock<T>.SizeLog : SmallBlock<T>.SizeLog).Shared(LeastDepth);
        if (grid.Parts == 1)
            whole = isLarge ? Kernel<TStored, TStorage, LargeBlock<T>, TPlaces>(session) : Kernel<TStored, TStorage, SmallBlock<T>, TPlaces>(session);
        else
        {
            parts = Kernel<T, PlainStorage<T>, SmallBlock<T>, MatrixPlaces>(session);
            sum = session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<TStored>, TPlaces, ProductSizes, int>>(((Delegate)PartsKernel.Run<TStored, T, TStorage, TPlaces>).Method);
        }
    }

    private delegate void Launcher<TTarget, TTargetPlaces>(
        AcceleratorStream stream, KernelConfig config, ArrayView<TStored> a, ArrayView<TStored> b, ArrayView<TTarget> c, TLeft left, TRight right, TTargetPlaces places, TileGrid grid) where TTarget : unmanaged;

    public void Enqueue(RunContext context, ArrayView<TStored> a, ArrayView<TStored> b, ArrayView<TStored> c, TLeft left, TRight right, TPlaces places)
    {
        if (grid.Tiles == 0) return;
        var config = Grids.Groups(grid.Tiles, TileSlice.Threads);
        if (whole is not null)
        {
            whole(context.Stream, config, a, b, c, left, right, places, grid);
            return;
        }
        using var rented = context.Rent(grid.Parts * sizes.Results * Unsafe.SizeOf<T>());
        var sums = rented.View.Cast<T>();
        parts!(context.Stream, config, a, b, sums, left, right, new(0, sizes.M * sizes.N, (int)sizes.M, (int)sizes.N), grid);
        sum!(context.Stream, Grids.Each(sizes.Results), sums, c, places, sizes, grid.Parts);
    }

    private static Launcher<TTarget, TTargetPlaces> Kernel<TTarget, TTargetStorage, TBlock, TTargetPlaces>(DeviceSession session)
        where TTarget : unmanaged where TTargetStorage : struct, IStorage<TTarget, T> where TBlock : struct, IBlock<TBlock, T> where TTargetPlaces : struct, IPlaces =>
        session.Kernels.Get<Launcher<TTarget, TTargetPlaces>>(
            ((Delegate)TileKernel.Run<TStored, T, TStorage, TTarget, TTargetStorage, TBlock, TLeft, TRight, TTargetPlaces>).Method, groups: Unsafe.SizeOf<TBlock>() > MostSums ? 0 : 2);
}
