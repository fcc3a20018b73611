using System.Diagnostics.Metrics;

namespace LazyHost;

/// <summary>A counter of the meter that also knows its total.</summary>
public sealed class MetricCounter
{
    private readonly Counter<long> counter;
    private long total;

    internal MetricCounter(Meter meter, string name, string unit, string description) => counter = meter.CreateCounter<long>(name, unit, description);

    /// <summary>The sum so far.</summary>
    public long Total => Interlocked.Read(ref total);

    internal void Add(long value)
    {
        Interlocked.Add(ref total, value);
        counter.Add(value);
    }
}
