namespace LazyHost;

/// <summary>What is measured of each run of a device. Only whoever holds the device adds to it, so it needs no lock: a small step takes a microsecond in all.</summary>
internal sealed class RunSamples(LazyMetrics metrics, Device device)
{
    private readonly SampleRing execute = metrics.ExecuteTime.AddRing(), tracing = metrics.LazyTracing.AddRing(), nodes = metrics.TensorsGraphSize.AddRing();

    /// <summary>A run that took from <paramref name="start"/> to <paramref name="end"/>, timestamps of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public void Add(Async run, long start, long end)
    {
        metrics.ExecuteTime.Record(execute, end - start, end, device);
        if (run.Nodes == 0) return;
        metrics.TensorsGraphSize.Record(nodes, run.Nodes, end, device);
        if (run.Begun != 0) metrics.LazyTracing.Record(tracing, (run.HandedOver == 0 ? start : run.HandedOver) - run.Begun, end, device);
    }

    /// <summary>The device is gone.</summary>
    public void Remove()
    {
        metrics.ExecuteTime.RemoveRing(execute);
        metrics.LazyTracing.RemoveRing(tracing);
        metrics.TensorsGraphSize.RemoveRing(nodes);
    }
}
