using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>Makes the step of a matrix product.</summary>
internal sealed class ProductCompiler(DeviceSession session)
{
    private readonly DeviceSession session = session;

    public DeviceStep Compile(DotStep step, IReadOnlyList<ProgramBuffer> buffers) =>
        throw new UnsupportedOperatorException($"products of {step.DType} over {buffers.Count} buffers are not written for {session.Accelerator.Name}");
}
