using System.Numerics;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.TensorCores;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>Makes the step of a matrix product. Which kernel it is follows from the sizes alone.</summary>
internal sealed class ProductCompiler(DeviceSession session)
{
    private const long FewResults = 256;
    private const long SmallSide = 16;

    public DeviceStep Compile(DotStep step, IReadOnlyList<ProgramBuffer> buffers)
    {
        if (TensorCore.IsOn(session.Accelerator) && TensorCore.Fits(step))
            return step.DType == DType.BFloat16 ? new MmaStep<BFloat16Storage, BFloat16Mma>(session, step) : new MmaStep<Float16Storage, Float16Mma>(session, step);
        return ElementTypes.Visit<Maker, DeviceStep>(step.DType, new(session, step));
    }

    private readonly record struct Maker(DeviceSession Session, DotStep Step) : IElementVisitor<DeviceStep>
    {
        public DeviceStep Visit<TStored, T, TStorage>() where TStored : unmanaged where T : unmanaged, INumber<T>, IMinMaxValue<T> where TStorage : struct, IStorage<TStored, T>
        {
            var (m, n, k) = (Step.M, Step.N, Step.K);
            var (fewer, more) = (Math.Min(m, n), Math.Max(m, n));
            if (!Step.DType.IsFloat() || k == 0 || more > int.MaxValue / 2 || k > int.MaxValue / 2) return new PlainStep<TStored, T, TStorage>(Session, Step);
            if (fewer <= 4 || (m * n <= FewResults && k >= FewResults)) return new LineStep<TStored, T, TStorage>(Session, Step);
            if (more <= SmallSide) return new PlainStep<TStored, T, TStorage>(Session, Step);
            return new TileStep<TStored, T, TStorage>(Session, Step);
        }
    }
}
