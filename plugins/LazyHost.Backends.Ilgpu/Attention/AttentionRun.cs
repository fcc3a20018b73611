using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>Runs <see cref="AttentionKernel"/>.</summary>
internal sealed class AttentionRun<TStored, TStorage, THead>(DeviceSession session, AttentionStep step) : DeviceStep
    where TStored : unmanaged, INumber<TStored> where TStorage : struct, IStorage<TStored, float> where THead : struct, IHeadSize
{
    private readonly Launcher launch = session.Kernels.Get<Launcher>(((Delegate)AttentionKernel.Run<TStored, TStorage, THead>).Method);
    private readonly AttentionPlan plan = AttentionPlan.Of(step, 1 << THead.RowsLog);

    private delegate void Launcher(
        AcceleratorStream stream, KernelConfig config, ArrayView<TStored> queries, ArrayView<TStored> keys, ArrayView<TStored> values, ArrayView<TStored> result, ArrayView<TStored> bias, ArrayView<byte> mask,
        ArrayView<long> scalars, AttentionPlan plan);

    public override void Enqueue(RunContext context)
    {
        var result = context.View<TStored>(step.Result.Buffer);
        // A kernel takes no view of nothing: what is not there is stood for by another buffer, which is not read.
        launch(context.Stream, Grids.Groups(plan.Tiles, 4 << THead.RowsLog), context.View<TStored>(step.Queries.Buffer), context.View<TStored>(step.Keys.Buffer), context.View<TStored>(step.Values.Buffer), result,
            step.Bias is { } bias ? context.View<TStored>(bias.Buffer) : result, context.Bytes(step.Mask?.Places?.Buffer ?? step.Result.Buffer),
            plan.Scale.Slot >= 0 || plan.Fill.Slot >= 0 ? context.Scalars : result.Cast<long>(), plan);
    }
}
