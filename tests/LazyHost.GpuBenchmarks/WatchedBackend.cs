using System.Diagnostics;
using LazyHost.Backends;
using LazyHost.IR;

namespace LazyHost.GpuBenchmarks;

/// <summary>A backend as it is, with the time its runs take and the last graph it was given. Does not dispose it.</summary>
internal sealed class WatchedBackend(IBackend backend) : IBackend
{
    private long ticks;

    /// <summary>The last graph that was compiled.</summary>
    public Graph? Last { get; private set; }

    /// <summary>The time of all runs since the last reset.</summary>
    public double Microseconds => Volatile.Read(ref ticks) * 1e6 / Stopwatch.Frequency;

    public string Kind => backend.Kind;

    public string Fingerprint => backend.Fingerprint;

    public IReadOnlyList<DeviceDescription> Devices => backend.Devices;

    public void Reset() => Volatile.Write(ref ticks, 0);

    public Capability Query(in OperatorQuery query) => backend.Query(query);

    public IDeviceBuffer Allocate(int ordinal, long byteSize) => backend.Allocate(ordinal, byteSize);

    public ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken) => backend.CopyFromHostAsync(source, destination, cancellationToken);

    public ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken) => backend.CopyToHostAsync(source, destination, cancellationToken);

    public ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken) => backend.CopyAsync(source, destination, byteSize, cancellationToken);

    public ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken)
    {
        Last = context.Graph;
        return backend.CompileAsync(context, cancellationToken);
    }

    public async ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await backend.ExecuteAsync(executable, arguments, cancellationToken);
        Interlocked.Add(ref ticks, Stopwatch.GetTimestamp() - start);
    }

    public MemoryStatistics GetMemoryStatistics(int ordinal) => backend.GetMemoryStatistics(ordinal);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
