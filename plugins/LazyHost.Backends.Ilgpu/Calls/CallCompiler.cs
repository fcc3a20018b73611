using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>Makes the step that runs a primitive kernels do not express.</summary>
internal sealed class CallCompiler(DeviceSession session)
{
    private readonly DeviceSession session = session;

    public DeviceStep Compile(PrimitiveStep step, IReadOnlyList<ProgramBuffer> buffers) =>
        throw new UnsupportedOperatorException($"{step.Primitive.Name} of {buffers.Count} buffers has no call on {session.Accelerator.Name}").At(step.Primitive.Name, step.CallSite);
}
