using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>Runs <see cref="TileKernel"/> on a batch of matrices.</summary>
internal sealed class TileStep<TStored, T, TStorage, TBlock>(DeviceSession session, DotStep step) : DeviceStep
    where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> where TBlock : struct, IBlock<TBlock, T>
{
    private delegate void Launcher(AcceleratorStream stream, KernelConfig config, ArrayView<TStored> a, ArrayView<TStored> b, ArrayView<TStored> c, MatrixLines left, MatrixLines right, MatrixPlaces places, TileGrid grid);

    private readonly Launcher launch = session.Kernels.Get<Launcher>(
        new Action<ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, MatrixLines, MatrixLines, MatrixPlaces, TileGrid>(TileKernel.Run<TStored, T, TStorage, TBlock, MatrixLines, MatrixLines, MatrixPlaces>).Method);
    private readonly MatrixLines left = new(step.A.Offset, step.A.BatchStride, step.A.RowStride, step.A.ColumnStride, (int)step.M, (int)step.K);
    private readonly MatrixLines right = new(step.B.Offset, step.B.BatchStride, step.B.ColumnStride, step.B.RowStride, (int)step.N, (int)step.K);
    private readonly MatrixPlaces places = new(step.C.Offset, step.C.BatchStride, (int)step.M, (int)step.N);
    private readonly TileGrid grid = TileGrid.Of(step.Batch, step.M, step.N, step.K, TBlock.SizeLog);

    public override void Enqueue(RunContext context)
    {
        if (grid.Tiles == 0) return;
        launch(context.Stream, Grids.Groups(grid.Tiles, TileKernel.Threads), context.View<TStored>(step.A.Buffer), context.View<TStored>(step.B.Buffer), context.View<TStored>(step.C.Buffer), left, right, places, grid);
    }
}
