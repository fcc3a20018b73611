using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LazyHost;

/// <summary>Times or sizes: a histogram of the meter that also keeps its last 1,024 samples, their count and their sum.</summary>
public sealed class MetricSamples : Metric
{
    internal const int Kept = 1024;

    private static readonly double MillisecondsPerTick = 1000.0 / Stopwatch.Frequency;

    private readonly Histogram<double> histogram;
    private readonly (long Value, long Time)[] ring = new (long, long)[Kept];
    private readonly double scale;
    private long count, sum;
    private Mark start = new(0, 0);

    /// <summary>Samples are times in ticks of <see cref="Stopwatch"/> where the unit is <c>ms</c>, else plain numbers.</summary>
    internal MetricSamples(Meter meter, string name, string instrument, string unit, string description) : base(name, instrument, unit, description)
    {
        histogram = meter.CreateHistogram<double>(instrument, unit, description);
        scale = unit == "ms" ? MillisecondsPerTick : 1;
    }

    /// <summary>The number of samples.</summary>
    public long Count => Math.Max(0, Interlocked.Read(ref count) - Volatile.Read(ref start).Count);

    /// <summary>Works out what the samples come to. Takes microseconds; nothing waits for it.</summary>
    public MetricStatistics Read()
    {
        var from = Volatile.Read(ref start);
        var total = Interlocked.Read(ref count);
        var n = total - from.Count;
        if (n <= 0) return new(0, 0, 0, 0, []);
        var kept = new List<(long Value, long Time)>();
        for (var i = total - Math.Min(n, Kept); i < total; i++)
            if (ring[i % Kept] is { Time: not 0 } sample) kept.Add(sample); // 0: claimed by a thread that has not written it yet
        var seconds = kept.Count < 2 ? 0 : (kept.Max(s => s.Time) - kept.Min(s => s.Time)) / (double)Stopwatch.Frequency;
        var values = kept.ConvertAll(s => s.Value * scale);
        var (rate, sumRate) = seconds <= 0 ? (0, 0) : (values.Count / seconds, values.Sum() / seconds);
        values.Sort();
        return new(n, (Interlocked.Read(ref sum) - from.Sum) * scale, rate, sumRate, Percentiles(values));
    }

    /// <summary>The time from <paramref name="begin"/> to <paramref name="end"/>, timestamps of <see cref="Stopwatch"/>.</summary>
    internal void RecordTime(long begin, long end, Device device) => Record(end - begin, end, device);

    /// <summary>A sample, and when it was taken: a timestamp that the caller has anyway.</summary>
    internal void Record(long value, long time, Device device)
    {
        ring[(Interlocked.Increment(ref count) - 1) % Kept] = (value, time);
        Interlocked.Add(ref sum, value);
        if (histogram.Enabled) histogram.Record(value * scale, device.Tag);
    }

    internal override void Reset() => Volatile.Write(ref start, new(Interlocked.Read(ref count), Interlocked.Read(ref sum)));

    private static KeyValuePair<int, double>[] Percentiles(List<double> sorted)
    {
        if (sorted.Count == 0) return [];
        var percents = MetricStatistics.Percents;
        var result = new KeyValuePair<int, double>[percents.Length];
        for (var i = 0; i < percents.Length; i++) result[i] = new(percents[i], sorted[((percents[i] * sorted.Count) + 99) / 100 - 1]);
        return result;
    }

    /// <summary>Where counting began: never subtracted from what is running on, so that a reset and a sample cannot lose each other.</summary>
    private sealed record Mark(long Count, long Sum);
}
