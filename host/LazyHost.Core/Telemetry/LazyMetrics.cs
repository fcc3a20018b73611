using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace LazyHost;

/// <summary>
/// The counters, times and sizes of one engine: instruments of the meter <c>LazyHost</c>, and their totals and samples for reports. docs/seeing.md maps every
/// name of Lazy Tensor Core to its own.
/// </summary>
public sealed class LazyMetrics : IDisposable
{
    private readonly Meter meter = new(Instrumentation.Name);
    private readonly LazyEngine engine;
    private readonly List<Metric> all = [];
    private readonly ConcurrentDictionary<string, long> fellBack = [];
    private readonly OperatorCounters traced, fallbacks;

    internal LazyMetrics(LazyEngine engine)
    {
        this.engine = engine;
        CompileTime = Samples("CompileTime", "lazyhost.compile.time", "ms", "Time to compile a segment.");
        ExecuteTime = Samples("ExecuteTime", "lazyhost.execute.time", "ms", "Time of a run until the device was done.");
        LazyTracing = Samples("LazyTracing", "lazyhost.record.time", "ms", "Time from a segment's first operation until it was handed over, without compiling; the program's own work in between is included.");
        DeviceLockWait = Samples("DeviceLockWait", "lazyhost.device.wait", "ms", "Time somebody waited for a busy device or a full queue.");
        IrValueTensorToDataHandle = Samples("IrValueTensorToDataHandle", "lazyhost.data_cache.time", "ms", "Time to copy a small host value to a device for a run.");
        TransferToDeviceTime = Samples("TransferToDeviceTime", "lazyhost.transfer.outbound.time", "ms", "Time of a copy to a device.");
        TransferFromDeviceTime = Samples("TransferFromDeviceTime", "lazyhost.transfer.inbound.time", "ms", "Time of a copy to the host.");
        TensorsGraphSize = Samples("TensorsGraphSize", "lazyhost.segment.nodes", "{node}", "Nodes of a segment that was run.");
        CapturedRuns = Counter("CapturedRuns", "lazyhost.captured.runs", "{run}", "Runs of captured functions.");
        CachedCompile = Counter("CachedCompile", "lazyhost.compile.cached", "{segment}", "Segments whose program was in the cache.");
        UncachedCompile = Counter("UncachedCompile", "lazyhost.compile.uncached", "{segment}", "Segments that code had to be made for.");
        AssembledPrograms = Counter("AssembledPrograms", "lazyhost.compile.assembled", "{segment}", "Segments whose program was new, but was put together from code that was there.");
        Fallback = Counter("FallbackCompile", "lazyhost.compile.fallback", "{segment}", "Segments compiled in parts, because a backend cannot run all of it.");
        MarkStep = Counter("MarkStep", "lazyhost.step.marked", "{step}", "Steps ended.");
        TrimIrGraph = Counter("TrimIrGraph", "lazyhost.segment.limit", "{segment}", "Segments closed because they had grown to the limit of nodes.");
        Recomputed = Counter("RecomputedValue", "lazyhost.segment.recomputed", "{value}", "Values computed again because they were used after their segment.");
        SyncedTensorsWithIR = Counter("SyncedTensorsWithIR", "lazyhost.segment.roots", "{value}", "Values computed by runs.");
        StepClosureException = Counter("ThreadPoolException", "lazyhost.step_closure.failed", "{closure}", "Asynchronous step closures that failed.");
        SyncTensorsToData = Counter("SyncTensorsToData", "lazyhost.transfer.uploads", "{value}", "Host values copied to devices.");
        DeviceDataCacheMiss = Counter("DeviceDataCacheMiss", "lazyhost.data_cache.miss", "{value}", "Small host values copied to a device.");
        OutboundBytes = Counter("OutboundData", "lazyhost.transfer.outbound", "By", "Bytes copied to devices.");
        InboundBytes = Counter("InboundData", "lazyhost.transfer.inbound", "By", "Bytes copied to the host.");
        CreateDataHandles = Counter("CreateDataHandles", "lazyhost.buffer.taken", "{buffer}", "Device buffers taken for values.");
        DestroyDataHandles = Counter("DestroyDataHandles", "lazyhost.buffer.returned", "{buffer}", "Device buffers given back.");
        CacheEvictions = Counted("CacheEvictions", "lazyhost.cache.evicted", "{segment}", "Programs that the cache dropped to stay within its limits.", () => engine.ComputationCache.Evictions);
        PersistentCacheHit = Counter("PersistentCacheHit", "lazyhost.cache.directory.hit", "{program}", "Programs read from the directory of an earlier process.");
        PersistentCacheMiss = Counter("PersistentCacheMiss", "lazyhost.cache.directory.miss", "{program}", "Programs that were not in the directory, or not usable.");
        PersistentCacheRefused = Counter("PersistentCacheRefused", "lazyhost.cache.directory.refused", "{program}", "Files of the directory that were not usable: of another build, truncated, damaged.");
        traced = new(meter, "lazy::", "lazyhost.operator.traced", "Operators recorded in segments that were run.", () => engine.ComputationCache.Operators());
        fallbacks = new(meter, "fallback::", "lazyhost.operator.fallback", "Operators that ran on a device of the fallback chain.", () => new Dictionary<string, long>(fellBack));
        meter.CreateObservableUpDownCounter("lazyhost.device.memory", () => engine.Devices.Select(d => new Measurement<long>(d.Memory.InUse, d.Tag)), "By", "Device memory in use.");
        meter.CreateObservableGauge("lazyhost.device.memory.peak", () => engine.Devices.Select(d => new Measurement<long>(d.Memory.Peak, d.Tag)), "By", "The most device memory that was in use.");
        meter.CreateObservableUpDownCounter("lazyhost.cache.entries", () => engine.ComputationCache.Numel, "{segment}", "Compiled segments kept.");
        meter.CreateObservableUpDownCounter("lazyhost.cache.bytes", () => engine.ComputationCache.Bytes, "By", "Memory of the compiled segments kept.");
        meter.CreateObservableUpDownCounter("lazyhost.data_cache.entries", () => engine.Devices.Select(d => new Measurement<int>(d.DataCache.Count, d.Tag)), "{value}", "Device copies of small host values kept.");
    }

    /// <summary>Time to compile a segment.</summary>
    public MetricSamples CompileTime { get; }

    /// <summary>Time of a run until the device was done.</summary>
    public MetricSamples ExecuteTime { get; }

    /// <summary>Time from a segment's first operation until it was handed over, without compiling; the program's own work in between is included.</summary>
    public MetricSamples LazyTracing { get; }

    /// <summary>Time somebody waited for a busy device or a full queue; nothing where there was no wait.</summary>
    public MetricSamples DeviceLockWait { get; }

    /// <summary>Time to copy a small host value to a device for a run.</summary>
    public MetricSamples IrValueTensorToDataHandle { get; }

    /// <summary>Time of a copy to a device.</summary>
    public MetricSamples TransferToDeviceTime { get; }

    /// <summary>Time of a copy to the host. Results of up to 64 KiB are copied as part of their run instead.</summary>
    public MetricSamples TransferFromDeviceTime { get; }

    /// <summary>Nodes of the segments that were run, from the cache or not.</summary>
    public MetricSamples TensorsGraphSize { get; }

    /// <summary>Runs of captured functions, which record and look up nothing.</summary>
    public MetricCounter CapturedRuns { get; }

    /// <summary>Segments whose program was in the cache.</summary>
    public MetricCounter CachedCompile { get; }

    /// <summary>Segments that code had to be made for.</summary>
    public MetricCounter UncachedCompile { get; }

    /// <summary>Segments whose program was new, but was put together from code that was there, such as that of other sizes.</summary>
    public MetricCounter AssembledPrograms { get; }

    /// <summary>Segments compiled in parts, because the device's own backend cannot run all of it.</summary>
    public MetricCounter Fallback { get; }

    /// <summary>Steps ended.</summary>
    public MetricCounter MarkStep { get; }

    /// <summary>Segments closed because they had grown to the limit of nodes.</summary>
    public MetricCounter TrimIrGraph { get; }

    /// <summary>Values computed again because they were used after their segment.</summary>
    public MetricCounter Recomputed { get; }

    /// <summary>Values computed by runs.</summary>
    public MetricCounter SyncedTensorsWithIR { get; }

    /// <summary>Asynchronous step closures that failed.</summary>
    public MetricCounter StepClosureException { get; }

    /// <summary>Host values copied to devices.</summary>
    public MetricCounter SyncTensorsToData { get; }

    /// <summary>Small host values copied to a device.</summary>
    public MetricCounter DeviceDataCacheMiss { get; }

    /// <summary>Bytes copied to devices.</summary>
    public MetricCounter OutboundBytes { get; }

    /// <summary>Bytes copied to the host.</summary>
    public MetricCounter InboundBytes { get; }

    /// <summary>Device buffers taken for values.</summary>
    public MetricCounter CreateDataHandles { get; }

    /// <summary>Device buffers given back.</summary>
    public MetricCounter DestroyDataHandles { get; }

    /// <summary>Programs that the cache dropped to stay within its limits.</summary>
    public MetricCounter CacheEvictions { get; }

    /// <summary>Programs read from the directory of an earlier process.</summary>
    public MetricCounter PersistentCacheHit { get; }

    /// <summary>Programs that were not in the directory, or not usable.</summary>
    public MetricCounter PersistentCacheMiss { get; }

    /// <summary>Files of the directory that were not usable: of another build, truncated, damaged.</summary>
    public MetricCounter PersistentCacheRefused { get; }

    /// <summary>All of the above: first samples, then counters.</summary>
    public IReadOnlyList<Metric> All => all;

    /// <summary>How often each operator was recorded in segments that were run, under names such as <c>lazy::add</c>. Walks the cache: for reports, not for steps.</summary>
    public IReadOnlyDictionary<string, long> TracedOperators => traced.Read();

    /// <summary>How often each operator ran on a device of the fallback chain, under names such as <c>fallback::add</c>.</summary>
    public IReadOnlyDictionary<string, long> FallbackOperators => fallbacks.Read();

    /// <summary>The metric of a name, either in reports (<c>CompileTime</c>) or in the meter (<c>lazyhost.compile.time</c>).</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public Metric Get(string name) => all.Find(m => m.Name == name || m.Instrument == name)
        ?? throw new ArgumentException($"there is no metric '{name}'; there are {string.Join(", ", all.Select(m => m.Name))}", nameof(name));

    /// <summary>The figures as text: times and sizes that have samples, counters above 0, operators, caches and memory.</summary>
    public string Report() => MetricReport.Write(engine, all.Where(m => m is MetricSamples { Count: > 0 } or MetricCounter { Total: > 0 }), TracedOperators, FallbackOperators);

    /// <summary>Some of the figures as text, 0 or not, and what fell back.</summary>
    /// <param name="names">Names as <see cref="Get"/> takes them.</param>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public string Report(params ReadOnlySpan<string> names)
    {
        var chosen = new List<Metric>();
        foreach (var name in names) chosen.Add(Get(name));
        return MetricReport.Write(null, chosen, new Dictionary<string, long>(), FallbackOperators);
    }

    /// <summary>Counts from 0 again, in reports and totals; the meter's instruments go on. Runs that are under way count after it.</summary>
    public void Reset()
    {
        foreach (var metric in all) metric.Reset();
        traced.Reset();
        fallbacks.Reset();
        engine.CompileHistory.Reset();
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    internal Meter Meter => meter;

    internal void FellBack(string operatorName, int times) => fellBack.AddOrUpdate(operatorName, static (_, added) => added, static (_, count, added) => count + added, times);

    private MetricSamples Samples(string name, string instrument, string unit, string description) => Added(new MetricSamples(meter, name, instrument, unit, description));

    private MetricCounter Counter(string name, string instrument, string unit, string description) => Added(new MetricCounter(meter, name, instrument, unit, description));

    private MetricCounter Counted(string name, string instrument, string unit, string description, Func<long> read) => Added(new MetricCounter(meter, name, instrument, unit, description, read));

    private T Added<T>(T metric) where T : Metric
    {
        all.Add(metric);
        return metric;
    }
}
