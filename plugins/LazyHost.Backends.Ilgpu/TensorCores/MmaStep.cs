using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>A batch of f16 or bf16 products by <see cref="MmaKernel"/>.</summary>
internal sealed class MmaStep<TStorage, TMma>(DeviceSession session, DotStep step) : DeviceStep where TStorage : struct, IStorage<ushort, float> where TMma : struct, IMma
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<Quad<uint>>, ArrayView<Quad<uint>>, ArrayView<ushort>, HalfLines, HalfLines, MatrixPlaces, TileGrid> launch =
        session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<Quad<uint>>, ArrayView<Quad<uint>>, ArrayView<ushort>, HalfLines, HalfLines, MatrixPlaces, TileGrid>>(((Delegate)MmaKernel.Run<TStorage, TMma>).Method);
    private readonly HalfLines left = new(step.A.Offset, step.A.BatchStride, step.A.RowStride, step.A.ColumnStride, (int)step.M, (int)step.K);
    private readonly HalfLines right = new(step.B.Offset, step.B.BatchStride, step.B.ColumnStride, step.B.RowStride, (int)step.N, (int)step.K);
    private readonly MatrixPlaces places = new(step.C.Offset, step.C.BatchStride, (int)step.M, (int)step.N);
    private readonly TileGrid grid = TileGrid.Of(new(step.Batch, step.M, step.N, step.K), MmaKernel.SizeLog);

    public override void Enqueue(RunContext context)
    {
        if (grid.Tiles > 0) launch(context.Stream, Grids.Groups(grid.Tiles, MmaKernel.Threads), context.View<Quad<uint>>(step.A.Buffer), context.View<Quad<uint>>(step.B.Buffer), context.View<ushort>(step.C.Buffer), left, right, places, grid);
    }
}
