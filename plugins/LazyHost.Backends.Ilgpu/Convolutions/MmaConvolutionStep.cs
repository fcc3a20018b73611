using ILGPU;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.TensorCores;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>Convolution of f16 or bf16 by tensor cores.</summary>
internal sealed class MmaConvolutionStep<TStorage, TMma>(DeviceSession session, PrimitiveStep step, WindowSizes sizes) : WindowStep(session, step, sizes)
    where TStorage : struct, IStorage<ushort, float> where TMma : struct, IMma
{
    private readonly MmaProduct<TStorage, TMma, HalfWindows, WindowPlaces> product = new(session, sizes.Product);

    protected override void Enqueue(RunContext context, ArrayView<Tap> taps) =>
        product.Enqueue(context, context.View<ushort>(Step.Inputs[1]), context.View<ushort>(Step.Inputs[0]), context.View<ushort>(Step.Outputs[0]),
            new(0, (long)Sizes.Rows * Sizes.Depth, Sizes.Depth, 1, Sizes.Rows, Sizes.Depth), new(taps, Sizes), new(Sizes));
}
