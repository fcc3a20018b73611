using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>A batch of f16 or bf16 products by tensor cores.</summary>
internal sealed class MmaStep<TStorage, TMma>(DeviceSession session, DotStep step) : DeviceStep where TStorage : struct, IStorage<ushort, float> where TMma : struct, IMma
{
    private readonly MmaProduct<TStorage, TMma, HalfLines, MatrixPlaces> product = new(session, new(step.Batch, step.M, step.N, step.K));
    private readonly HalfLines left = new(step.A.Offset, step.A.BatchStride, step.A.RowStride, step.A.ColumnStride, (int)step.M, (int)step.K);
    private readonly HalfLines right = new(step.B.Offset, step.B.BatchStride, step.B.ColumnStride, step.B.RowStride, (int)step.N, (int)step.K);
    private readonly MatrixPlaces places = new(step.C.Offset, step.C.BatchStride, (int)step.M, (int)step.N);

    public override void Enqueue(RunContext context) =>
        product.Enqueue(context, context.View<ushort>(step.A.Buffer), context.View<ushort>(step.B.Buffer), context.View<ushort>(step.C.Buffer), left, right, places);
}
