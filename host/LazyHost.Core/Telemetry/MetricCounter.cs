using System.Diagnostics.Metrics;

namespace LazyHost;

/// <summary>A counter of the meter that also knows its total.</summary>
public sealed class MetricCounter : Metric
{
    private readonly Counter<long>? counter;
    private readonly Func<long>? read;
    private long total, start;

    internal MetricCounter(Meter meter, string name, string instrument, string unit, string description) : base(name, instrument, unit, description) =>
        counter = meter.CreateCounter<long>(instrument, unit, description);

    /// <summary>A counter that somebody else keeps; it must never fall.</summary>
    internal MetricCounter(Meter meter, string name, string instrument, string unit, string description, Func<long> read) : base(name, instrument, unit, description)
    {
        this.read = read;
        meter.CreateObservableCounter(instrument, read, unit, description);
    }

    /// <summary>The sum since the engine was made, or since the last <see cref="LazyMetrics.Reset"/>.</summary>
    public long Total => Current - Interlocked.Read(ref start);

    private long Current => read is null ? Interlocked.Read(ref total) : read();

    internal void Add(long value)
    {
        Interlocked.Add(ref total, value);
        if (counter!.Enabled) Publish(value, []);
    }

    internal void Add(long value, Device device)
    {
        Interlocked.Add(ref total, value);
        if (counter!.Enabled) Publish(value, [device.Tag]);
    }

    private void Publish(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try { counter!.Add(value, tags); }
        catch (Exception) { } // A listener's failure is its own: it must not leave a run half settled.
    }

    internal override void Reset() => Interlocked.Exchange(ref start, Current);
}
