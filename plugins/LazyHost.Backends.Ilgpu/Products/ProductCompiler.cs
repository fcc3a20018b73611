using System.Numerics;
using LazyHost.Backends.Ilgpu.Cublas;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.TensorCores;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>Makes the step of a matrix product: cuBLAS where there is one and the product is worth it, else a kernel, and which one follows from the sizes alone.</summary>
internal sealed class ProductCompiler(DeviceSession session, bool usesCublas = true) : IDisposable
{
    private const long FewResults = 256;
    private const long SmallSide = 16;
    private const long FewLines = 4;

    private readonly Lock gate = new();
    private CublasHandle? blas;
    private bool isTried;

    public DeviceStep Compile(DotStep step, IReadOnlyList<ProgramBuffer> buffers)
    {
        if (ByCublas(step) is { } library) return library;
        if (TensorCore.IsOn(session.Accelerator) && TensorCore.Fits(step))
            return step.DType == DType.BFloat16 ? new MmaStep<BFloat16Storage, BFloat16Mma>(session, step) : new MmaStep<Float16Storage, Float16Mma>(session, step);
        return ElementTypes.Visit<Maker, DeviceStep>(step.DType, new(session, step));
    }

    /// <summary>True where tensor cores run a product of 16-bit numbers as it is.</summary>
    public bool HasTensorCores(DotStep step) => TensorCore.IsOn(session.Accelerator) && (TensorCore.Fits(step) || ByCublas(step) is not null);

    public void Dispose()
    {
        blas?.Dispose();
    }

    private CublasStep? ByCublas(DotStep step) =>
        step.DType.IsFloat() && Math.Min(step.M, step.N) > FewLines && GemmCall.Of(step) is { } call && Cublas() is { } handle ? new(handle, call, step.DType) : null;

    /// <summary>Made for the first product; one that could not be made is tried again for the next.</summary>
    private CublasHandle? Cublas()
    {
        if (!usesCublas) return null;
        lock (gate)
        {
            if (!isTried) blas = CublasHandle.TryCreate(session);
            isTried = true;
            return blas;
        }
    }

    private readonly record struct Maker(DeviceSession Session, DotStep Step) : IElementVisitor<DeviceStep>
    {
        public DeviceStep Visit<TStored, T, TStorage>() where TStored : unmanaged where T : unmanaged, INumber<T>, IMinMaxValue<T> where TStorage : struct, IStorage<TStored, T>
        {
            var (m, n, k) = (Step.M, Step.N, Step.K);
            var (fewer, more) = (Math.Min(m, n), Math.Max(m, n));
            if (!Step.DType.IsFloat() || k == 0 || more > int.MaxValue / 2 || k > int.MaxValue / 2) return new PlainStep<TStored, T, TStorage>(Session, Step);
            if (fewer <= FewLines || (m * n <= FewResults && k >= FewResults)) return new LineStep<TStored, T, TStorage>(Session, Step);
            if (more <= SmallSide) return new PlainStep<TStored, T, TStorage>(Session, Step);
            return new TileStep<TStored, T, TStorage>(Session, Step);
        }
    }
}
