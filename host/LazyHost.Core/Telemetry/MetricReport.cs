using System.Globalization;
using System.Text;

namespace LazyHost;

/// <summary>Metrics as text for people.</summary>
internal static class MetricReport
{
    /// <summary>The chosen metrics and operators; caches and memory too where an engine is given.</summary>
    public static string Write(LazyEngine? engine, IEnumerable<Metric> metrics, IReadOnlyDictionary<string, long> traced, IReadOnlyDictionary<string, long> fellBack)
    {
        var text = new StringBuilder();
        foreach (var metric in metrics)
            if (metric is MetricSamples samples) Write(text, samples);
            else Counter(text, metric.Name, Value(((MetricCounter)metric).Total, metric.Unit));
        foreach (var (name, count) in traced.Concat(fellBack)) Counter(text, name, Value(count, ""));
        if (engine is null) return text.ToString();
        foreach (var why in engine.CompileHistory.Recent) text.Append("Compile: ").Append(why).Append('\n');
        var cache = engine.ComputationCache.Statistics;
        text.Append(CultureInfo.InvariantCulture, $"ComputationCache: {cache.Entries} entries, {Value(cache.Bytes, "By")}\n");
        foreach (var device in engine.Devices)
            text.Append(CultureInfo.InvariantCulture, $"Device: {device.Id}\n  Memory: {Value(device.Memory.InUse, "By")} in use, {Value(device.Memory.Peak, "By")} at most, {Value(device.Memory.Budget, "By")} allowed\n")
                .Append(CultureInfo.InvariantCulture, $"  DataCache: {device.DataCache.Count} entries\n");
        return text.ToString();
    }

    /// <summary>A value with its unit as people write it: <c>1.25 ms</c>, <c>3.5 MB</c>, <c>12</c>.</summary>
    public static string Value(double value, string unit) => unit switch
    {
        "ms" => value switch
        {
            0 => "0 ms",
            < 1e-3 => Number(value * 1e6, "ns"),
            < 1 => Number(value * 1e3, "us"),
            < 1e3 => Number(value, "ms"),
            _ => Number(value / 1e3, "s"),
        },
        "By" => value switch
        {
            < 1 << 10 => Number(value, "B"),
            < 1 << 20 => Number(value / (1 << 10), "KB"),
            < 1 << 30 => Number(value / (1 << 20), "MB"),
            _ => Number(value / (1 << 30), "GB"),
        },
        _ => Number(value, ""),
    };

    private static string Number(double value, string unit) => $"{value.ToString("0.###", CultureInfo.InvariantCulture)} {unit}".TrimEnd();

    private static void Counter(StringBuilder text, string name, string value) => text.Append("Counter: ").Append(name).Append("\n  Value: ").Append(value).Append('\n');

    private static void Write(StringBuilder text, MetricSamples metric)
    {
        var statistics = metric.Read();
        string Of(double value) => Value(value, metric.Unit);
        text.Append(CultureInfo.InvariantCulture, $"Metric: {metric.Name}\n  TotalSamples: {statistics.Count}\n  Accumulator: {Of(statistics.Sum)}\n");
        if (statistics.Count == 0) return;
        if (statistics.Rate > 0) text.Append(CultureInfo.InvariantCulture, $"  ValueRate: {Of(statistics.SumRate)} / second\n  Rate: {Number(statistics.Rate, "")} / second\n");
        text.Append("  Percentiles: ").AppendJoin("; ", statistics.Percentiles.Select(p => $"{p.Key}%={Of(p.Value)}")).Append('\n');
    }
}
