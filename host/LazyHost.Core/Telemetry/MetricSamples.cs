using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LazyHost;

/// <summary>Times or sizes: a histogram of the meter that also keeps its last 1,024 samples, their count and their sum.</summary>
public sealed class MetricSamples : Metric
{
    private static readonly double MillisecondsPerTick = 1000.0 / Stopwatch.Frequency;

    private readonly Histogram<double> histogram;
    private readonly SampleRing shared = new();
    private readonly List<SampleRing> rings;
    private readonly double scale;

    /// <summary>Samples are times in ticks of <see cref="Stopwatch"/> where the unit is <c>ms</c>, else plain numbers.</summary>
    internal MetricSamples(Meter meter, string name, string instrument, string unit, string description) : base(name, instrument, unit, description)
    {
        histogram = meter.CreateHistogram<double>(instrument, unit, description);
        scale = unit == "ms" ? MillisecondsPerTick : 1;
        rings = [shared];
    }

    /// <summary>The number of samples.</summary>
    public long Count => Read().Count;

    /// <summary>Works out what the samples come to. Takes microseconds; no step waits for it.</summary>
    public MetricStatistics Read()
    {
        var kept = new List<(long Value, long Time)>();
        var (count, sum) = (0L, 0L);
        lock (rings)
            foreach (var ring in rings)
            {
                var (c, s) = ring.Read(kept);
                (count, sum) = (count + c, sum + s);
            }
        if (kept.Count == 0) return new(0, 0, 0, 0, []);
        kept.Sort(static (a, b) => a.Time.CompareTo(b.Time));
        if (kept.Count > SampleRing.Kept) kept.RemoveRange(0, kept.Count - SampleRing.Kept);
        var values = kept.ConvertAll(s => s.Value * scale);
        var seconds = (kept[^1].Time - kept[0].Time) / (double)Stopwatch.Frequency;
        var (rate, sumRate) = seconds <= 0 ? (0, 0) : (values.Count / seconds, values.Sum() / seconds);
        values.Sort();
        return new(count, sum * scale, rate, sumRate, Percentiles(values));
    }

    /// <summary>A ring for a writer that is alone with it, and so needs no lock.</summary>
    internal SampleRing AddRing()
    {
        var ring = new SampleRing();
        lock (rings) rings.Add(ring);
        return ring;
    }

    /// <summary>The writer of a ring is gone; what it has counted stays.</summary>
    internal void RemoveRing(SampleRing ring)
    {
        lock (rings)
            if (rings.Remove(ring)) shared.TakeOver(ring);
    }

    /// <summary>The time from <paramref name="begin"/> to <paramref name="end"/>, timestamps of <see cref="Stopwatch"/>.</summary>
    internal void RecordTime(long begin, long end, Device device) => Record(end - begin, end, device);

    /// <summary>A sample, and when it was taken: a timestamp that the caller has anyway.</summary>
    internal void Record(long value, long time, Device device)
    {
        lock (rings) shared.Add(value, time);
        Publish(value, device);
    }

    /// <summary>The same by the writer of a ring of its own.</summary>
    internal void Record(SampleRing ring, long value, long time, Device device)
    {
        ring.Add(value, time);
        Publish(value, device);
    }

    internal override void Reset()
    {
        lock (rings)
            foreach (var ring in rings) ring.Reset();
    }

    private void Publish(long value, Device device)
    {
        if (!histogram.Enabled) return;
        try { histogram.Record(value * scale, device.Tag); }
        catch (Exception) { } // A listener's failure is its own: it must not leave a run half settled.
    }

    private static KeyValuePair<int, double>[] Percentiles(List<double> sorted)
    {
        var percents = MetricStatistics.Percents;
        var result = new KeyValuePair<int, double>[percents.Length];
        for (var i = 0; i < percents.Length; i++) result[i] = new(percents[i], sorted[((percents[i] * sorted.Count) + 99) / 100 - 1]);
        return result;
    }
}
