using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>Slices along an axis chosen by indices, which are clamped. A thread moves an element.</summary>
/// <param name="session">The device.</param>
/// <param name="step">The buffers.</param>
/// <param name="axis">What is chosen from; the elements after the axis may be seen as fewer, larger ones.</param>
/// <param name="count">The number of indices.</param>
internal sealed class GatherCall<T, TIndex, TIndexStorage>(DeviceSession session, PrimitiveStep step, Axis axis, long count) : DeviceStep
    where T : unmanaged where TIndex : unmanaged where TIndexStorage : struct, IStorage<TIndex, long>
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<TIndex>, ArrayView<T>, Axis, long> launch =
        session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<TIndex>, ArrayView<T>, Axis, long>>(((Delegate)Kernel).Method);

    public override void Enqueue(RunContext context)
    {
        var results = axis.Outer * count * axis.Inner;
        if (results > 0) launch(context.Stream, Grids.Each(results), context.View<T>(step.Inputs[0]), context.View<TIndex>(step.Inputs[1]), context.View<T>(step.Outputs[0]), axis, count);
    }

    private static void Kernel(ArrayView<T> from, ArrayView<TIndex> indices, ArrayView<T> to, Axis axis, long count)
    {
        var results = axis.Outer * count * axis.Inner;
        for (var i = Walk.First; i < results; i += Walk.Step)
        {
            var outer = Division.Divide(Division.Divide(i, axis.Inner, out var inner), count, out var place);
            to[i] = from[(((outer * axis.Size) + Indices.Clamp(TIndexStorage.Widen(indices[place]), axis.Size)) * axis.Inner) + inner];
        }
    }
}
