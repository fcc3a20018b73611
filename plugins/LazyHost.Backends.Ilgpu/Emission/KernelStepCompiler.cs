using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Makes steps of kernel descriptions.</summary>
internal sealed class KernelStepCompiler(DeviceSession session)
{
    private readonly DeviceSession session = session;

    /// <summary>The step for a kernel; counts in <paramref name="made"/> what code had to be made for.</summary>
    public DeviceStep Compile(Kernel kernel, IReadOnlyList<ProgramBuffer> buffers, ref int made) =>
        throw new UnsupportedOperatorException($"kernels are not emitted yet: {kernel.Name} of {buffers.Count} buffers for {session.Accelerator.Name} after {made}");
}
