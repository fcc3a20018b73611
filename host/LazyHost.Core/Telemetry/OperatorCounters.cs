using System.Diagnostics.Metrics;

namespace LazyHost;

/// <summary>A counter for each operator, under names such as <c>lazy::add</c>.</summary>
internal sealed class OperatorCounters
{
    private readonly string prefix;
    private readonly Func<IReadOnlyDictionary<string, long>> read;
    private IReadOnlyDictionary<string, long> start = new Dictionary<string, long>();

    /// <param name="meter">Where its instrument goes.</param>
    /// <param name="prefix">What stands before the operator in names.</param>
    /// <param name="instrument">The instrument's name.</param>
    /// <param name="description">What is counted.</param>
    /// <param name="read">The counts by operator since the engine was made; they never fall.</param>
    public OperatorCounters(Meter meter, string prefix, string instrument, string description, Func<IReadOnlyDictionary<string, long>> read)
    {
        (this.prefix, this.read) = (prefix, read);
        meter.CreateObservableCounter(instrument, () => read().Select(static c => new Measurement<long>(c.Value, new KeyValuePair<string, object?>("operator", c.Key))), "{operator}", description);
    }

    /// <summary>The counts above 0 since the last reset, by name.</summary>
    public SortedDictionary<string, long> Read()
    {
        var from = Volatile.Read(ref start);
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, count) in read())
            if (count - from.GetValueOrDefault(name) is > 0 and var since) counts.Add(prefix + name, since);
        return counts;
    }

    public void Reset() => Volatile.Write(ref start, read());
}
