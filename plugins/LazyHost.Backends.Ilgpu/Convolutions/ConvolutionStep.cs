using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>Convolution as the product of the filters with the windows, group by group; the windows are computed as they are loaded.</summary>
internal sealed class ConvolutionStep<TStored, T, TStorage> : DeviceStep where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
{
    private const int FewRows = 4;

    private readonly PrimitiveStep step;
    private readonly WindowSizes sizes;
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<Tap>, WindowSizes> list;
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, WindowLines, WindowSizes>? each;
    private readonly TileProduct<TStored, T, TStorage, MatrixLines, WindowLines, WindowPlaces>? product;

    public ConvolutionStep(DeviceSession session, PrimitiveStep step, ConvolutionShape shape, WindowSizes sizes)
    {
        (this.step, this.sizes) = (step, sizes);
        list = session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<Tap>, WindowSizes>>(((Delegate)ConvolutionKernels.ListTaps).Method);
        if (shape.Rows <= FewRows)
            each = session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, WindowLines, WindowSizes>>(
                ((Delegate)ConvolutionKernels.Each<TStored, T, TStorage>).Method);
        else product = new(session, new(shape.Groups, shape.Rows, shape.Columns, shape.Depth));
    }

    public override void Enqueue(RunContext context)
    {
        if (sizes.Columns == 0 || sizes.Filters == 0) return;
        if (sizes.Depth == 0 || sizes.OverCount == 0)
        {
            context.Bytes(step.Outputs[0]).MemSetToZero(context.Stream);
            return;
        }
        using var rented = context.Rent((long)sizes.Depth * Unsafe.SizeOf<Tap>());
        var taps = rented.View.SubView(0, (long)sizes.Depth * Unsafe.SizeOf<Tap>()).Cast<Tap>();
        list(context.Stream, Grids.Each(sizes.Depth), taps, sizes);
        var (x, filters, to) = (context.View<TStored>(step.Inputs[0]), context.View<TStored>(step.Inputs[1]), context.View<TStored>(step.Outputs[0]));
        each?.Invoke(context.Stream, Grids.Each((long)sizes.Columns * sizes.Filters), x, filters, to, new(taps, sizes), sizes);
        product?.Enqueue(context, filters, x, to, new(0, (long)sizes.Rows * sizes.Depth, sizes.Depth, 1, sizes.Rows, sizes.Depth), new(taps, sizes), new(sizes));
    }
}
