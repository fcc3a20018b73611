using LazyHost.Backends;
using LazyHost.Backends.Reference;

namespace LazyHost.Tests.Faults;

/// <summary>The Reference backend with one fault, behind a queue. Counts what it has given out.</summary>
internal sealed class BrittleBackend : IBackend
{
    private readonly ReferenceBackend inner = new();
    private int buffers, programs;

    public Fault Fault { get; set; } = Fault.None;

    /// <summary>Buffers and programs that nobody has given back.</summary>
    public (int Buffers, int Programs) Alive => (Volatile.Read(ref buffers), Volatile.Read(ref programs));

    public string Kind => "brittle";

    public string Fingerprint => "brittle";

    public IReadOnlyList<DeviceDescription> Devices => inner.Devices;

    public Capability Query(in OperatorQuery query)
    {
        Done(Fault.Enter(Stage.Query));
        return inner.Query(query);
    }

    public IDeviceBuffer Allocate(int ordinal, long byteSize)
    {
        Done(Fault.Enter(Stage.Allocate));
        return new CountedBuffer(inner.Allocate(ordinal, byteSize), this);
    }

    public async ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken)
    {
        var fails = Fault.Enter(Stage.Upload, cancellationToken);
        await inner.CopyFromHostAsync(source, Inner(destination), cancellationToken);
        Done(fails);
    }

    public async ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var fails = Fault.Enter(Stage.Download, cancellationToken);
        await inner.CopyToHostAsync(Inner(source), destination, cancellationToken);
        Done(fails);
    }

    public ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken) =>
        inner.CopyAsync(Inner(source), Inner(destination), byteSize, cancellationToken);

    public async ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken)
    {
        Done(Fault.Enter(Stage.Compile, cancellationToken));
        return new CountedProgram(await inner.CompileAsync(context, cancellationToken), this);
    }

    public async ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
    {
        var fails = Fault.Enter(Stage.Execute, cancellationToken);
        await inner.ExecuteAsync(((CountedProgram)executable).Inner, new()
        {
            Ordinal = arguments.Ordinal,
            Inputs = Array.ConvertAll(arguments.Inputs, Inner),
            Outputs = Array.ConvertAll(arguments.Outputs, Inner),
            Workspace = arguments.Workspace is null ? null : Inner(arguments.Workspace),
            Scalars = arguments.Scalars,
        }, cancellationToken);
        Done(fails);
    }

    public MemoryStatistics GetMemoryStatistics(int ordinal) => inner.GetMemoryStatistics(ordinal);

    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        Done(Fault.Enter(Stage.Dispose));
    }

    private static IDeviceBuffer Inner(IDeviceBuffer buffer) => ((CountedBuffer)buffer).Inner;

    private static void Done(bool fails)
    {
        if (fails) throw new InvalidTimeZoneException("lost power at the end");
    }

    private sealed class CountedBuffer : IDeviceBuffer
    {
        private readonly BrittleBackend owner;

        public CountedBuffer(IDeviceBuffer inner, BrittleBackend owner)
        {
            (Inner, this.owner) = (inner, owner);
            Interlocked.Increment(ref owner.buffers);
        }

        public IDeviceBuffer Inner { get; }

        public long ByteSize => Inner.ByteSize;

        public void Dispose()
        {
            Inner.Dispose();
            Interlocked.Decrement(ref owner.buffers);
            Done(owner.Fault.Enter(Stage.FreeBuffer));
        }
    }

    private sealed class CountedProgram : IExecutable
    {
        private readonly BrittleBackend owner;

        public CountedProgram(IExecutable inner, BrittleBackend owner)
        {
            (Inner, this.owner) = (inner, owner);
            Interlocked.Increment(ref owner.programs);
        }

        public IExecutable Inner { get; }

        public long WorkspaceBytes => Inner.WorkspaceBytes;

        public long EstimatedOperations => long.MaxValue;

        public int KernelCount => Inner.KernelCount;

        public long ProgramBytes => Inner.ProgramBytes;

        public IReadOnlyList<AliasPair> MayAlias => Inner.MayAlias;

        public string Dump() => Inner.Dump();

        public void Dispose()
        {
            Inner.Dispose();
            Interlocked.Decrement(ref owner.programs);
            Done(owner.Fault.Enter(Stage.FreeProgram));
        }
    }
}
