using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>Convolution by tiles; a thread a result where groups have too few filters to fill them.</summary>
internal sealed class ConvolutionStep<TStored, T, TStorage> : WindowStep where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
{
    private const int FewRows = 4;

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, WindowLines, WindowSizes>? each;
    private readonly TileProduct<TStored, T, TStorage, MatrixLines, WindowLines, WindowPlaces>? product;

    public ConvolutionStep(DeviceSession session, PrimitiveStep step, WindowSizes sizes)
        : base(session, step, sizes)
    {
        if (sizes.Rows <= FewRows)
            each = session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, WindowLines, WindowSizes>>(
                ((Delegate)ConvolutionKernels.Each<TStored, T, TStorage>).Method);
        else product = new(session, sizes.Product);
    }

    protected override void Enqueue(RunContext context, ArrayView<Tap> taps)
    {
        var (x, filters, to) = (context.View<TStored>(Step.Inputs[0]), context.View<TStored>(Step.Inputs[1]), context.View<TStored>(Step.Outputs[0]));
        each?.Invoke(context.Stream, Grids.Each((long)Sizes.Columns * Sizes.Filters), x, filters, to, new(taps, Sizes), Sizes);
        product?.Enqueue(context, filters, x, to, new(0, (long)Sizes.Rows * Sizes.Depth, Sizes.Depth, 1, Sizes.Rows, Sizes.Depth), new(taps, Sizes), new(Sizes));
    }
}
