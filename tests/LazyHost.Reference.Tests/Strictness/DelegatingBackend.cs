using LazyHost.Backends;
using LazyHost.Backends.Reference;

namespace LazyHost.Reference.Tests.Strictness;

/// <summary>The Reference backend, for tests to break in one place.</summary>
internal class DelegatingBackend : IBackend
{
    protected IBackend Inner { get; } = new ReferenceBackend();

    public virtual string Kind => Inner.Kind;

    public virtual string Fingerprint => Inner.Fingerprint;

    public virtual IReadOnlyList<DeviceDescription> Devices => Inner.Devices;

    public virtual Capability Query(in OperatorQuery query) => Inner.Query(query);

    public virtual IDeviceBuffer Allocate(int ordinal, long byteSize) => Inner.Allocate(ordinal, byteSize);

    public virtual ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken) =>
        Inner.CopyFromHostAsync(source, destination, cancellationToken);

    public virtual ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken) =>
        Inner.CopyToHostAsync(source, destination, cancellationToken);

    public virtual ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken) =>
        Inner.CopyAsync(source, destination, byteSize, cancellationToken);

    public virtual ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken) => Inner.CompileAsync(context, cancellationToken);

    public virtual ValueTask<IExecutable?> AssembleAsync(LoweringContext context, CancellationToken cancellationToken) => Inner.AssembleAsync(context, cancellationToken);

    public virtual ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken) =>
        Inner.ExecuteAsync(executable, arguments, cancellationToken);

    public virtual MemoryStatistics GetMemoryStatistics(int ordinal) => Inner.GetMemoryStatistics(ordinal);

    public ValueTask DisposeAsync() => Inner.DisposeAsync();
}
