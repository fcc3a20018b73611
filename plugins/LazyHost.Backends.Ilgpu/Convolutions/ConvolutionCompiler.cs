using System.Numerics;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.TensorCores;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>Makes the step of a convolution: a product where it is one, else one whose windows are computed as they are loaded.</summary>
internal static class ConvolutionCompiler
{
    /// <summary>The step, or null where there are more dimensions or elements than kernels take.</summary>
    public static DeviceStep? Compile(DeviceSession session, PrimitiveStep step, IReadOnlyList<ProgramBuffer> buffers)
    {
        var (x, w, to) = (buffers[step.Inputs[0]].Type, buffers[step.Inputs[1]].Type, buffers[step.Outputs[0]].Type);
        var shape = new ConvolutionShape(step.Primitive, step.Attributes, x.Shape, w.Shape, to.Shape, least: 3);
        var sizes = WindowSizes.Of(shape);
        var canGather = sizes is not null && TensorCore.IsOn(session.Accelerator) && TensorCore.Fits(x.DType, sizes.Value);
        if (PlainConvolution.Of(step, x.DType, shape) is { } dot && (!canGather || session.Products.HasTensorCores(dot))) return session.Products.Compile(dot, buffers);
        if (sizes is not { } known) return null;
        if (!canGather) return ElementTypes.VisitFloat<Maker, DeviceStep>(x.DType, new(session, step, known));
        return x.DType == DType.BFloat16 ? new MmaConvolutionStep<BFloat16Storage, BFloat16Mma>(session, step, known) : new MmaConvolutionStep<Float16Storage, Float16Mma>(session, step, known);
    }

    private readonly record struct Maker(DeviceSession Session, PrimitiveStep Step, WindowSizes Sizes) : IElementVisitor<DeviceStep>
    {
        public DeviceStep Visit<TStored, T, TStorage>() where TStored : unmanaged where T : unmanaged, INumber<T>, IMinMaxValue<T> where TStorage : struct, IStorage<TStored, T> =>
            new ConvolutionStep<TStored, T, TStorage>(Session, Step, Sizes);
    }
}
