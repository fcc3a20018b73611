using LazyHost.Backends.Reference;

namespace LazyHost.Tests;

/// <summary>An engine before it has anything to do.</summary>
public sealed class EngineTests
{
    [Fact]
    public async Task NothingIsCountedBeforeAnythingIsRecorded()
    {
        await using var lazy = new TestEngine();
        Assert.All(lazy.Engine.Metrics.All, metric => Assert.Equal(0, metric is MetricSamples samples ? samples.Count : ((MetricCounter)metric).Total));
        Assert.Empty(lazy.Engine.Metrics.TracedOperators);
        Assert.Empty(lazy.Engine.Metrics.FallbackOperators);
        Assert.DoesNotContain("Counter:", lazy.Engine.Metrics.Report(), StringComparison.Ordinal);
        Assert.Equal(default, lazy.Engine.ComputationCache.Statistics);
        Assert.Equal((0L, 0L), (lazy.Device.MemoryUse.InUse, lazy.Device.Steps));
        lazy.Device.MarkStep(); // nothing to do is no segment
        Assert.Equal((0, 0, 1), (lazy.Compiles, lazy.Hits, lazy.Engine.Metrics.MarkStep.Total));
    }

    [Fact]
    public async Task WithoutABackendThereIsNoDeviceAndAnErrorSaysSo()
    {
        await using var engine = new LazyEngine();
        Assert.Empty(engine.Devices);
        Assert.Contains("there are none", Assert.Throws<UnknownDeviceException>(() => engine.GetDevice(new("simd", 0))).Message);
        await engine.WaitDeviceOpsAsync();
        await engine.RemoveBackendAsync("nobody");
        Assert.Equal("reference:0", engine.AddBackend(new ReferenceBackend(), "plugin", "test")[0].ToString());
        Assert.Contains("reference:0", Assert.Throws<UnknownDeviceException>(() => engine.GetDevice(new("simd", 0))).Message);
    }
}
