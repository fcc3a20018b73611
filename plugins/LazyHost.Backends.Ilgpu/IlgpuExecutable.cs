using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Emission;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu;

/// <summary>A compiled program. Devices of one kind share programs, but each gets steps of its own, when it first runs them.</summary>
internal sealed class IlgpuExecutable : IExecutable
{
    private readonly KernelProgram program;
    private readonly DeviceProgram first;
    private readonly Lock gate = new();
    private readonly Dictionary<DeviceSession, DeviceProgram> devices = [];

    public IlgpuExecutable(KernelProgram program, DeviceSession session, CancellationToken cancellationToken)
    {
        this.program = program = KernelSchedule.Cut(program);
        first = new DeviceProgram(program, session, cancellationToken);
        devices.Add(session, first);
        (KernelCount, NewKernelCount, ProgramBytes) = (first.StepCount, first.NewKernels, first.ProgramBytes);
    }

    public long WorkspaceBytes => program.WorkspaceBytes;

    public long EstimatedOperations => program.Operations;

    public int KernelCount { get; }

    public int NewKernelCount { get; }

    public long ProgramBytes { get; }

    public IReadOnlyList<AliasPair> MayAlias => program.MayAlias;

    /// <summary>The texts of its kernels as bytes, or none where its device has no texts.</summary>
    public ReadOnlyMemory<byte> Serialize() => first.Serialize();

    public string Dump() => program.Dump();

    public void Run(ExecutionArguments arguments, DeviceSession session) => On(session).Run(arguments);

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var device in devices.Values) device.Dispose();
            devices.Clear();
        }
    }

    private DeviceProgram On(DeviceSession session)
    {
        lock (gate)
        {
            if (!devices.TryGetValue(session, out var device)) devices.Add(session, device = new(program, session, CancellationToken.None));
            return device;
        }
    }
}
