namespace LazyHost.Tests;

/// <summary>The text report of metrics.</summary>
public sealed class ReportTests
{
    [Fact]
    public async Task ItHasTimesCountersOperatorsCachesAndMemoryAndNothingThatNeverHappened()
    {
        await using var lazy = new TestEngine();
        var x = Tensor.From(new float[40_000], [40_000], lazy.Device);
        _ = ((x + 1) * 2).ToArray<float>();
        lazy.Device.MarkStep();
        var report = lazy.Engine.Metrics.Report();
        string[] expected =
        [
            "Metric: CompileTime\n  TotalSamples: 1\n  Accumulator: ", "Metric: ExecuteTime\n  TotalSamples: 1\n", "  Percentiles: 1%=",
            "Counter: UncachedCompile\n  Value: 1\n", "Counter: MarkStep\n  Value: 1\n", "Counter: OutboundData\n  Value: 156.25 KB\n", "Counter: lazy::add\n  Value: 1\n",
            "Counter: lazy::mul\n  Value: 1\n", "ComputationCache: 1 entries, ", "Device: reference:0\n  Memory: ", "  DataCache: 0 entries\n",
        ];
        foreach (var text in expected) Assert.Contains(text, report, StringComparison.Ordinal);
        foreach (var name in new[] { "CachedCompile\n", "TrimIrGraph", "DeviceLockWait", "parameter", "lazy::scalar" }) Assert.DoesNotContain(name, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChosenFigureIsShownEvenAtZeroByEitherOfItsNames()
    {
        await using var lazy = new TestEngine();
        Assert.Equal("Counter: MarkStep\n  Value: 0\nMetric: ExecuteTime\n  TotalSamples: 0\n  Accumulator: 0 ms\n", lazy.Engine.Metrics.Report("MarkStep", "lazyhost.execute.time"));
    }

    [Fact]
    public async Task AnUnknownNameIsRefusedWithThoseThereAre()
    {
        await using var lazy = new TestEngine();
        var error = Assert.Throws<ArgumentException>(() => lazy.Engine.Metrics.Report("ExecuteTimes"));
        Assert.Contains("there is no metric 'ExecuteTimes'; there are CompileTime, ExecuteTime, ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamesAreUnique()
    {
        await using var lazy = new TestEngine();
        Assert.Equal(lazy.Engine.Metrics.All.Count, lazy.Engine.Metrics.All.Select(m => m.Name).Distinct().Count());
        Assert.Equal(lazy.Engine.Metrics.All.Count, lazy.Engine.Metrics.All.Select(m => m.Instrument).Distinct().Count());
        Assert.All(lazy.Engine.Metrics.All, m => Assert.Same(m, lazy.Engine.Metrics.Get(m.Instrument)));
    }

    [Theory]
    [InlineData(0, "ms", "0 ms")]
    [InlineData(0.0000421, "ms", "42.1 ns")]
    [InlineData(0.0421, "ms", "42.1 us")]
    [InlineData(42.1236, "ms", "42.124 ms")]
    [InlineData(90_500, "ms", "90.5 s")]
    [InlineData(1023, "By", "1023 B")]
    [InlineData(1536, "By", "1.5 KB")]
    [InlineData(5 << 20, "By", "5 MB")]
    [InlineData(3L << 40, "By", "3072 GB")]
    [InlineData(1_234_567, "{node}", "1234567")]
    public void ValuesAreWrittenWithTheUnitThatFits(double value, string unit, string text) => Assert.Equal(text, MetricReport.Value(value, unit));
}
