using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>Single elements along an axis chosen by indices of the result's shape, which are clamped. A thread moves an element.</summary>
/// <param name="session">The device.</param>
/// <param name="step">The buffers.</param>
/// <param name="axis">What is chosen from.</param>
/// <param name="count">The size of the axis in the result.</param>
internal sealed class GatherElementsCall<T, TIndex, TIndexStorage>(DeviceSession session, PrimitiveStep step, Axis axis, long count) : DeviceStep
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
            var outer = Division.Divide(i, count * axis.Inner, out var rest);
            Division.Divide(rest, axis.Inner, out var inner);
            to[i] = from[(((outer * axis.Size) + Indices.Clamp(TIndexStorage.Widen(indices[i]), axis.Size)) * axis.Inner) + inner];
        }
    }
}
