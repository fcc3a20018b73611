using LazyHost.Backends;

namespace LazyHost.Hosting.Tests.Hosting;

/// <summary>Runs every program by doing nothing, as soon as its gate is open.</summary>
internal sealed class GatedBackend(Task gate) : IBackend
{
    /// <summary>Completes when a run has begun.</summary>
    public TaskCompletionSource Running { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it is disposed.</summary>
    public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Buffers;

    public string Kind => "gated";

    public string Fingerprint => "gated";

    public IReadOnlyList<DeviceDescription> Devices { get; } = [new("gated", 0, new Dictionary<string, string>())];

    public Capability Query(in OperatorQuery query) => Capability.Whole;

    public IDeviceBuffer Allocate(int ordinal, long byteSize)
    {
        Interlocked.Increment(ref Buffers);
        return new Buffer(this, byteSize);
    }

    public ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken)
    {
        destination.Span.Clear();
        return ValueTask.CompletedTask;
    }

    public ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken) => ValueTask.FromResult<IExecutable>(new Program());

    public async ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
    {
        Running.TrySetResult();
        await gate;
    }

    public MemoryStatistics GetMemoryStatistics(int ordinal) => default;

    public ValueTask DisposeAsync()
    {
        Disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private sealed class Buffer(GatedBackend owner, long byteSize) : IDeviceBuffer
    {
        public long ByteSize => byteSize;

        public void Dispose() => Interlocked.Decrement(ref owner.Buffers);
    }

    private sealed class Program : IExecutable
    {
        public long WorkspaceBytes => 0;

        public long EstimatedOperations => long.MaxValue;

        public int KernelCount => 1;

        public long ProgramBytes => 1;

        public IReadOnlyList<AliasPair> MayAlias => [];

        public string Dump() => "";

        public void Dispose() { }
    }
}
