using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>Convolution as the product of the filters with the windows, group by group; the windows are computed as they are loaded.</summary>
internal abstract class WindowStep(DeviceSession session, PrimitiveStep step, WindowSizes sizes) : DeviceStep
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<Tap>, WindowSizes> list =
        session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<Tap>, WindowSizes>>(((Delegate)ConvolutionKernels.ListTaps).Method);

    protected PrimitiveStep Step => step;

    protected WindowSizes Sizes => sizes;

    public sealed override void Enqueue(RunContext context)
    {
        if (sizes.Columns == 0 || sizes.Filters == 0) return;
        if (sizes.Depth == 0 || sizes.OverCount == 0)
        {
            context.Bytes(step.Outputs[0]).MemSetToZero(context.Stream);
            return;
        }
        var bytes = (long)sizes.Depth * Unsafe.SizeOf<Tap>();
        using var rented = context.Rent(bytes);
        var taps = rented.View.SubView(0, bytes).Cast<Tap>();
        list(context.Stream, Grids.Each(sizes.Depth), taps, sizes);
        Enqueue(context, taps);
    }

    protected abstract void Enqueue(RunContext context, ArrayView<Tap> taps);
}
