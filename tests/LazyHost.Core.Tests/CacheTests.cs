namespace LazyHost.Tests;

public sealed class CacheTests
{
    [Fact]
    public async Task TheLeastRecentlyUsedProgramIsDropped()
    {
        await using var lazy = new TestEngine(new() { CacheEntries = 2 });
        float Run(int size) => (lazy.Tensor(new float[size]) + 1).ToArray<float>()[0];
        _ = Run(1) + Run(2) + Run(1) + Run(3); // 2 is the oldest
        Assert.Equal(2, lazy.Engine.ComputationCache.Numel);
        Assert.Equal(3, lazy.Compiles);
        _ = Run(1) + Run(3);
        Assert.Equal(3, lazy.Compiles);
        _ = Run(2);
        Assert.Equal(4, lazy.Compiles);
    }

    [Fact]
    public async Task BytesAreLimitedToo()
    {
        await using var lazy = new TestEngine(new() { CacheBytes = 1 });
        for (var size = 1; size < 5; size++) _ = (lazy.Tensor(new float[size]) + 1).ToArray<float>();
        Assert.Equal(1, lazy.Engine.ComputationCache.Numel);
    }

    [Fact]
    public async Task SmallHostValuesAreCopiedOnceAndEqualOnesShareACopyWithoutChangingKeys()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        for (var i = 0; i < 5; i++) _ = (x + lazy.Tensor(1, 2)).ToArray<float>();
        Assert.Equal(1, lazy.Engine.Metrics.DeviceDataCacheMiss.Total);
        _ = (x + lazy.Tensor(3, 4)).ToArray<float>();
        Assert.Equal(2, lazy.Engine.Metrics.DeviceDataCacheMiss.Total);
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task TheDataCacheCanBeOff()
    {
        await using var lazy = new TestEngine(new() { DataCacheEntries = 0 });
        var x = lazy.Tensor(1, 2);
        for (var i = 0; i < 3; i++) Assert.Equal(new[] { 2f, 3f }, (x + 1).ToArray<float>());
        Assert.Equal(0, lazy.Device.MemoryUse.InUse);
    }

    [Fact]
    public async Task TwoEnginesInOneProcessShareNothing()
    {
        await using var a = new TestEngine();
        await using var b = new TestEngine();
        Assert.Equal(2f, (a.Tensor(1) + 1).Item());
        Assert.Equal(2f, (b.Tensor(1) + 1).Item());
        Assert.Equal((1, 1), (a.Compiles, b.Compiles));
    }

    [Fact]
    public async Task ABackendThatTakesItsTimeToFreeAProgramHoldsNobodyUp()
    {
        var (freed, reached) = (0, 0);
        var backend = new FaultyBackend();
        await using var lazy = new TestEngine(new() { CacheEntries = 1 }, backend);
        backend.OnDispose = () =>
        {
            freed++;
            if (Task.Run(() => lazy.Engine.ComputationCache.Numel).Wait(TimeSpan.FromSeconds(20))) reached++;
            return null;
        };
        var x = lazy.Tensor(1, 2);
        Assert.Equal([2f, 4], (x * 2).ToArray<float>());
        Assert.Equal([3f, 4], (x + 2).ToArray<float>());
        await lazy.Device.WaitDeviceOpsAsync();
        Assert.Equal((1, 1), (freed, reached));
        backend.OnDispose = static () => null;
    }
}
