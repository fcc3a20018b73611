using System.Numerics;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>A batch of matrix products by tiles.</summary>
internal sealed class TileStep<TStored, T, TStorage>(DeviceSession session, DotStep step) : DeviceStep where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
{
    private readonly TileProduct<TStored, T, TStorage, MatrixLines, MatrixLines, MatrixPlaces> product = new(session, new(step.Batch, step.M, step.N, step.K));
    private readonly MatrixLines left = new(step.A.Offset, step.A.BatchStride, step.A.RowStride, step.A.ColumnStride, (int)step.M, (int)step.K);
    private readonly MatrixLines right = new(step.B.Offset, step.B.BatchStride, step.B.ColumnStride, step.B.RowStride, (int)step.N, (int)step.K);
    private readonly MatrixPlaces places = new(step.C.Offset, step.C.BatchStride, (int)step.M, (int)step.N);

    public override void Enqueue(RunContext context) =>
        product.Enqueue(context, context.View<TStored>(step.A.Buffer), context.View<TStored>(step.B.Buffer), context.View<TStored>(step.C.Buffer), left, right, places);
}
