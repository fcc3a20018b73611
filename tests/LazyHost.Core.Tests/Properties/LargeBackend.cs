using LazyHost.Backends;

namespace LazyHost.Tests.Properties;

/// <summary>A backend whose programs say they are large, so that they go through the queue instead of running on their caller's thread.</summary>
internal sealed class LargeBackend(IBackend inner) : IBackend
{
    public string Kind => inner.Kind;

    public string Fingerprint => inner.Fingerprint;

    public IReadOnlyList<DeviceDescription> Devices => inner.Devices;

    public Capability Query(in OperatorQuery query) => inner.Query(query);

    public IDeviceBuffer Allocate(int ordinal, long byteSize) => inner.Allocate(ordinal, byteSize);

    public ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken) => inner.CopyFromHostAsync(source, destination, cancellationToken);

    public ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken) => inner.CopyToHostAsync(source, destination, cancellationToken);

    public ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken) => inner.CopyAsync(source, destination, byteSize, cancellationToken);

    public async ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken) => new Large(await inner.CompileAsync(context, cancellationToken));

    public ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken) => inner.ExecuteAsync(((Large)executable).Inner, arguments, cancellationToken);

    public MemoryStatistics GetMemoryStatistics(int ordinal) => inner.GetMemoryStatistics(ordinal);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Large(IExecutable inner) : IExecutable
    {
        public IExecutable Inner { get; } = inner;

        public long WorkspaceBytes => Inner.WorkspaceBytes;

        public long EstimatedOperations => long.MaxValue;

        public int KernelCount => Inner.KernelCount;

        public long ProgramBytes => Inner.ProgramBytes;

        public IReadOnlyList<AliasPair> MayAlias => Inner.MayAlias;

        public string Dump() => Inner.Dump();

        public void Dispose() => Inner.Dispose();
    }
}
