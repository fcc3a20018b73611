namespace LazyHost;

/// <summary>One of the figures of <see cref="LazyMetrics"/>: a counter, or samples with percentiles.</summary>
public abstract class Metric
{
    private protected Metric(string name, string instrument, string unit, string description) =>
        (Name, Instrument, Unit, Description) = (name, instrument, unit, description);

    /// <summary>Its name in reports; where Lazy Tensor Core or torch_xla has the same figure, that name.</summary>
    public string Name { get; }

    /// <summary>The name of its instrument in the meter <c>LazyHost</c>.</summary>
    public string Instrument { get; }

    /// <summary>The unit of its values: <c>ms</c>, <c>By</c> (bytes), or what is counted, such as <c>{segment}</c>.</summary>
    public string Unit { get; }

    /// <summary>What it tells.</summary>
    public string Description { get; }

    internal abstract void Reset();
}
