using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>Runs <see cref="MmaKernel"/>. Where there are too few tiles to keep a device busy, groups share the depth: each sums a part of it into memory of the run, and the parts are added up in order.</summary>
internal sealed class MmaProduct<TStorage, TMma, TRight, TPlaces>
    where TStorage : struct, IStorage<ushort, float> where TMma : struct, IMma where TRight : struct, IHalfLines where TPlaces : struct, IPlaces
{
    /// <summary>The least depth of a part: below it, its sums' way through memory takes longer than the products.</summary>
    private const long LeastDepth = 512;

    private readonly ProductSizes sizes;
    private readonly TileGrid grid;
    private readonly Launcher<ushort, TPlaces>? whole;
    private readonly Launcher<float, MatrixPlaces>? parts;
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<ushort>, TPlaces, ProductSizes, int>? sum;

    public MmaProduct(DeviceSession session, ProductSizes sizes)
    {
        this.sizes = sizes;
        grid = TileGrid.Of(sizes, MmaKernel.SizeLog).Shared(LeastDepth);
        if (grid.Parts == 1) whole = session.Kernels.Get<Launcher<ushort, TPlaces>>(((Delegate)MmaKernel.Run<ushort, TMma, TMma, TRight, TPlaces>).Method, groups: 2);
        else
        {
            parts = session.Kernels.Get<Launcher<float, MatrixPlaces>>(((Delegate)MmaKernel.Run<float, PlainSums, TMma, TRight, MatrixPlaces>).Method, groups: 2);
            sum = session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<ushort>, TPlaces, ProductSizes, int>>(((Delegate)PartsKernel.Run<ushort, float, TStorage, TPlaces>).Method);
        }
    }

    private delegate void Launcher<TTarget, TTargetPlaces>(
        AcceleratorStream stream, KernelConfig config, ArrayView<ushort> a, ArrayView<ushort> b, ArrayView<TTarget> c, HalfLines left, TRight right, TTargetPlaces places, TileGrid grid) where TTarget : unmanaged;

    public void Enqueue(RunContext context, ArrayView<ushort> a, ArrayView<ushort> b, ArrayView<ushort> c, HalfLines left, TRight right, TPlaces places)
    {
        if (grid.Tiles == 0) return;
        var config = Grids.Groups(grid.Tiles, MmaKernel.Threads);
        if (whole is not null)
        {
            whole(context.Stream, config, a, b, c, left, right, places, grid);
            return;
        }
        using var rented = context.Rent(grid.Parts * sizes.Results * sizeof(float));
        var sums = rented.View.Cast<float>();
        parts!(context.Stream, config, a, b, sums, left, right, new(0, sizes.M * sizes.N, (int)sizes.M, (int)sizes.N), grid);
        sum!(context.Stream, Grids.Each(sizes.Results), sums, c, places, sizes, grid.Parts);
    }
}
