using LazyHost;
using LazyHost.Backends;

namespace TestPlugin;

/// <summary>A backend with one device and no abilities.</summary>
internal sealed class NullBackend(string kind, string deviceName, Exception? disposeError = null) : IBackend
{
    public string Kind { get; } = kind;

    public string Fingerprint => "null";

    public IReadOnlyList<DeviceDescription> Devices { get; } = [new(deviceName, 0, new Dictionary<string, string> { ["abilities"] = "none" })];

    public Capability Query(in OperatorQuery query) => Capability.No;

    public IDeviceBuffer Allocate(int ordinal, long byteSize) => throw new DeviceMemoryException("the null device has no memory");

    public ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken) => throw NoMemory();

    public ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken) => throw NoMemory();

    public ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken) => throw NoMemory();

    public ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken) => throw new CompilationException("the null device runs nothing");

    public ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken) => throw NoMemory();

    public MemoryStatistics GetMemoryStatistics(int ordinal) => default;

    public ValueTask DisposeAsync() => disposeError is null ? ValueTask.CompletedTask : throw disposeError;

    private static DeviceMemoryException NoMemory() => new("the null device has no memory");
}
