namespace LazyHost;

/// <summary>What the samples of a metric come to, since the engine was made or since the last <see cref="LazyMetrics.Reset"/>. All 0 where there are none.</summary>
/// <param name="Count">How many there were.</param>
/// <param name="Sum">Their sum, in the metric's unit.</param>
/// <param name="Rate">Samples a second, over those still kept; 0 for fewer than two.</param>
/// <param name="SumRate">The metric's unit a second, over those still kept; 0 for fewer than two.</param>
/// <param name="Percentiles">Of those still kept (the last 1,024): for each of 1, 5, 10, 20, 50, 80, 90, 95 and 99 percent, the least sample that at least so
/// many are not above. Empty where there are no samples.</param>
public sealed record MetricStatistics(long Count, double Sum, double Rate, double SumRate, IReadOnlyList<KeyValuePair<int, double>> Percentiles)
{
    /// <summary>The percentiles that are kept.</summary>
    internal static ReadOnlySpan<int> Percents => [1, 5, 10, 20, 50, 80, 90, 95, 99];

    /// <summary>The middle sample of those still kept; 0 where there are none.</summary>
    public double Median => Percentile(50);

    /// <summary>One of <see cref="Percentiles"/>; 0 where there are no samples.</summary>
    /// <param name="percent">1, 5, 10, 20, 50, 80, 90, 95 or 99.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another percentage.</exception>
    public double Percentile(int percent)
    {
        var index = Percents.IndexOf(percent);
        if (index < 0) throw new ArgumentOutOfRangeException(nameof(percent), percent, $"known percentiles are {string.Join(", ", Percents.ToArray())}");
        return Percentiles.Count == 0 ? 0 : Percentiles[index].Value;
    }
}
