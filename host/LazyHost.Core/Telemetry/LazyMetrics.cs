using System.Diagnostics.Metrics;

namespace LazyHost;

/// <summary>The counters and times of one engine: instruments of the meter <c>LazyHost</c>, and their totals.</summary>
public sealed class LazyMetrics : IDisposable
{
    private readonly Meter meter = new(Instrumentation.Name);

    internal LazyMetrics(LazyEngine engine)
    {
        CachedCompile = new(meter, "lazyhost.compile.cached", "{segment}", "Segments whose program was in the cache.");
        UncachedCompile = new(meter, "lazyhost.compile.uncached", "{segment}", "Segments that had to be compiled.");
        MarkStep = new(meter, "lazyhost.step.marked", "{step}", "Steps ended.");
        DeviceDataCacheMiss = new(meter, "lazyhost.data_cache.miss", "{value}", "Small host values copied to a device.");
        Fallback = new(meter, "lazyhost.compile.fallback", "{segment}", "Segments compiled for a device of the fallback chain.");
        OutboundBytes = new(meter, "lazyhost.transfer.outbound", "By", "Bytes copied to devices.");
        InboundBytes = new(meter, "lazyhost.transfer.inbound", "By", "Bytes copied to the host.");
        CompileTime = meter.CreateHistogram<double>("lazyhost.compile.time", "ms", "Time to compile a segment.");
        ExecuteTime = meter.CreateHistogram<double>("lazyhost.execute.time", "ms", "Time of a run until the device was done.");
        TensorsGraphSize = meter.CreateHistogram<int>("lazyhost.segment.nodes", "{node}", "Nodes of a compiled segment.");
        meter.CreateObservableUpDownCounter("lazyhost.device.memory", () => engine.Devices.Select(d => new Measurement<long>(d.Memory.InUse, new KeyValuePair<string, object?>("device", d.Id.ToString()))), "By", "Device memory in use.");
        meter.CreateObservableUpDownCounter("lazyhost.cache.entries", () => engine.ComputationCache.Entries, "{segment}", "Compiled segments kept.");
    }

    /// <summary>Segments whose program was in the cache.</summary>
    public MetricCounter CachedCompile { get; }

    /// <summary>Segments that had to be compiled.</summary>
    public MetricCounter UncachedCompile { get; }

    /// <summary>Steps ended.</summary>
    public MetricCounter MarkStep { get; }

    /// <summary>Small host values copied to a device.</summary>
    public MetricCounter DeviceDataCacheMiss { get; }

    /// <summary>Segments compiled for a device of the fallback chain.</summary>
    public MetricCounter Fallback { get; }

    /// <summary>Bytes copied to devices.</summary>
    public MetricCounter OutboundBytes { get; }

    /// <summary>Bytes copied to the host.</summary>
    public MetricCounter InboundBytes { get; }

    internal Histogram<double> CompileTime { get; }

    internal Histogram<double> ExecuteTime { get; }

    internal Histogram<int> TensorsGraphSize { get; }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}
