using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Makes steps of kernel descriptions.</summary>
/// <param name="session">The device.</param>
/// <param name="saveTo">A folder every kernel is also written to as an assembly, to be looked at; or null.</param>
internal sealed class KernelStepCompiler(DeviceSession session, string? saveTo = null)
{
    private readonly KernelCodeTable codes = new(session, saveTo);

    /// <summary>The step for a kernel. To be disposed with its program.</summary>
    /// <exception cref="CompilationException">The kernel does not compile.</exception>
    public DeviceStep Compile(Kernel kernel, IReadOnlyList<ProgramBuffer> buffers)
    {
        var translation = KernelTranslation.Of(kernel, buffers);
        return new KernelRun(session, translation, codes.Get(translation));
    }
}
