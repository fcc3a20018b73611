using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>Padding, also with elements between and with elements left out. A thread makes an element of the result.</summary>
internal sealed class PadCall<T>(DeviceSession session, PrimitiveStep step, PadDimensions dimensions, long count) : DeviceStep where T : unmanaged
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, PadDimensions, long> launch =
        session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>, ArrayView<T>, PadDimensions, long>>(((Delegate)Kernel).Method);

    public override void Enqueue(RunContext context)
    {
        if (count > 0) launch(context.Stream, Grids.Each(count), context.View<T>(step.Inputs[0]), context.View<T>(step.Inputs[1]), context.View<T>(step.Outputs[0]), dimensions, count);
    }

    private static void Kernel(ArrayView<T> from, ArrayView<T> fill, ArrayView<T> to, PadDimensions dimensions, long count)
    {
        for (var i = Walk.First; i < count; i += Walk.Step)
        {
            var place = dimensions.Place(i);
            to[i] = place < 0 ? fill[0] : from[place];
        }
    }
}
