using System.Text;
using LazyHost.Backends;
using LazyHost.Backends.Reference;

namespace LazyHost.Tests;

/// <summary>Reference as a backend whose programs can be kept: their bytes say what graph they are of.</summary>
internal sealed class SerializingBackend : IBackend, IExecutableSerializer
{
    private readonly ReferenceBackend inner = new();
    private readonly Dictionary<IExecutable, string> graphs = [];

    public string Kind => "kept";

    public string Fingerprint { get; init; } = "plain";

    public IReadOnlyList<DeviceDescription> Devices => inner.Devices;

    public int Compiles { get; private set; }

    /// <summary>What serializing throws, or null.</summary>
    public Exception? CannotSerialize { get; init; }

    /// <summary>What reading throws, or null.</summary>
    public Exception? CannotRead { get; init; }

    public Capability Query(in OperatorQuery query) => inner.Query(query);

    public IDeviceBuffer Allocate(int ordinal, long byteSize) => inner.Allocate(ordinal, byteSize);

    public ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken) => inner.CopyFromHostAsync(source, destination, cancellationToken);

    public ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken) => inner.CopyToHostAsync(source, destination, cancellationToken);

    public ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken) => inner.CopyAsync(source, destination, byteSize, cancellationToken);

    public async ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken)
    {
        Compiles++;
        var program = await inner.CompileAsync(context, cancellationToken);
        graphs[program] = context.Graph.ToString();
        return program;
    }

    public ReadOnlyMemory<byte> Serialize(IExecutable executable) => CannotSerialize is { } error ? throw error : Encoding.UTF8.GetBytes(graphs[executable]);

    public IExecutable Deserialize(LoweringContext context, ReadOnlyMemory<byte> bytes)
    {
        if (CannotRead is { } error) throw error;
        Assert.Equal(context.Graph.ToString(), Encoding.UTF8.GetString(bytes.Span));
        return inner.CompileAsync(context, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    public ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken) => inner.ExecuteAsync(executable, arguments, cancellationToken);

    public MemoryStatistics GetMemoryStatistics(int ordinal) => inner.GetMemoryStatistics(ordinal);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
