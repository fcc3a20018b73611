using LazyHost.IR;

namespace LazyHost.Tests;

/// <summary>The cache of programs: entries found, dropped and kept alive, and programs in use when their entry goes.</summary>
public sealed class ComputationCacheTests
{
    [Fact]
    public async Task EntriesAreAddedFoundDroppedAndCleared()
    {
        await using var lazy = new TestEngine();
        var cache = new ComputationCache(2, long.MaxValue);
        Assert.Null(cache.TryGet(1, [1]));
        var one = Add(cache, lazy, 1, [1]);
        var two = Add(cache, lazy, 2, [2]);
        Assert.Same(one, Find(cache, 1, [1])); // so the other is the oldest
        Add(cache, lazy, 3, [3]);
        Assert.Null(Find(cache, 2, [2]));
        Assert.Equal((2, 1), (cache.Numel, (int)cache.Statistics.Evictions));
        cache.Remove(entry => entry == one);
        Assert.Null(Find(cache, 1, [1]));
        Assert.NotNull(Find(cache, 3, [3]));
        cache.Remove(entry => entry == one || entry == two); // neither is there any more
        Assert.Equal(1, cache.Numel);
        cache.Clear();
        Assert.Equal((0, 0L), (cache.Numel, cache.Bytes));
        Assert.Null(Find(cache, 3, [3]));
        Assert.Equal(1, cache.Statistics.Evictions); // only what the limits took
    }

    [Fact]
    public async Task KeysOfOneHashAreToldApart()
    {
        await using var lazy = new TestEngine();
        var cache = new ComputationCache(4, long.MaxValue);
        CachedComputation[] added = [Add(cache, lazy, 9, [1, 2]), Add(cache, lazy, 9, [1, 3]), Add(cache, lazy, 9, [1])];
        Assert.Equal([added[0], added[1], added[2], null], new[] { Find(cache, 9, [1, 2]), Find(cache, 9, [1, 3]), Find(cache, 9, [1]), Find(cache, 9, [1, 4]) });
        cache.Remove(entry => entry == added[1]);
        Assert.Equal([added[0], null, added[2]], new[] { Find(cache, 9, [1, 2]), Find(cache, 9, [1, 3]), Find(cache, 9, [1]) });
        cache.Clear();
    }

    [Fact]
    public async Task AProgramThatCannotBeCompiledLeavesNoEntryAndTheNextTries()
    {
        await using var lazy = new TestEngine();
        var cache = new ComputationCache(4, long.MaxValue);
        for (var i = 0; i < 2; i++) Assert.Throws<CompilationException>(() => cache.GetOrCompile(1, [1], static () => static _ => throw new CompilationException("no"), CancellationToken.None));
        Assert.Equal(0, cache.Numel);
        Assert.Same(Add(cache, lazy, 1, [1]), Find(cache, 1, [1]));
        cache.Clear();
    }

    [Fact]
    public async Task AProgramDroppedWhileItRunsIsFreedWhenItsRunIsOver()
    {
        var (gate, freed) = (new TaskCompletionSource(), 0);
        var backend = new FaultyBackend { ExecuteGate = gate.Task, OnDispose = () => { freed++; return null; } };
        await using var lazy = new TestEngine(new() { CacheEntries = 1 }, backend);
        var first = lazy.Tensor(1) + 1;
        lazy.Device.MarkStep();
        var second = lazy.Tensor(1, 2) + 1; // takes the only place in the cache
        lazy.Device.MarkStep();
        Assert.Equal((1, 1L, 0), (lazy.Engine.ComputationCache.Numel, lazy.Engine.Metrics.CacheEvictions.Total, freed));
        gate.SetResult();
        Assert.Equal(2f, await first.ItemAsync<float>());
        Assert.Equal(3f, (await second.ToArrayAsync<float>())[1]);
        await lazy.Device.WaitDeviceOpsAsync();
        Assert.Equal(1, freed);
    }

    [Fact]
    public async Task ValuesOutliveTheProgramThatComputedThem()
    {
        await using var lazy = new TestEngine(new() { CacheEntries = 1 });
        var noise = Tensor.RandomUniform([8], lazy.Device);
        var sum = noise.Sum();
        lazy.Device.MarkStep();
        _ = (lazy.Tensor(1) + 1).Item(); // drops the program of the noise, which was no root of it
        Assert.Equal(1, lazy.Engine.ComputationCache.Numel);
        Assert.Equal(noise.ToArray<float>().Sum(), sum.Item(), 1e-5f);
        Assert.Equal(sum.Item(), noise.Sum().Item());
    }

    [Fact]
    public async Task WhatIsKeptCanBeSeenErasedAndCleared()
    {
        await using var lazy = new TestEngine();
        var cache = lazy.Engine.ComputationCache;
        Assert.Null(cache.GetLatest());
        float Add(int size) => (lazy.Tensor(new float[size]) + 1).ToArray<float>()[0];
        Add(1);
        var one = cache.GetLatest()!;
        Assert.Equal((1L, lazy.Device.Id, "add"), (one.Uses, one.Device, Assert.Single(one.Operators).Key));
        Assert.True(one.CompileTime > TimeSpan.Zero);
        Assert.NotNull(one.Dump());
        Add(2);
        Add(1);
        var two = cache.List()[1];
        Assert.Equal([one, two], cache.List());
        Assert.Same(two, cache.Get(two.Key));
        Assert.Same(one, cache.GetLatest()); // looking is no use
        var statistics = cache.Statistics;
        Assert.Equal(new(2, one.Bytes + two.Bytes, 0, 1, 2, 0, 0, one.CompileTime + two.CompileTime), statistics);
        Assert.True(cache.Erase(one.Key));
        Assert.False(cache.Erase(one.Key));
        Assert.Null(cache.Get(one.Key));
        Assert.Null(one.Dump());
        Assert.Equal(1, cache.Numel);
        Add(1);
        Assert.Equal(3, lazy.Compiles);
        cache.Clear();
        Assert.Equal((0, 0L, 0L), (cache.Numel, cache.Bytes, cache.Statistics.Evictions)); // only what the limits took is counted
        Assert.Equal(1, Add(2));
    }

    [Fact]
    public async Task APinnedProgramStaysWhateverTheLimitsUntilItsBackendGoes()
    {
        await using var lazy = new TestEngine(new() { CacheEntries = 2 });
        var cache = lazy.Engine.ComputationCache;
        float Add(int size) => (lazy.Tensor(new float[size]) + 1).ToArray<float>()[0];
        Add(1);
        var key = cache.GetLatest()!.Key;
        var pin = cache.Pin(key);
        using (cache.Pin(key))
            for (var size = 2; size < 6; size++) Add(size);
        Assert.Equal((2, 1, 3L), (cache.Numel, cache.Statistics.Pinned, cache.Statistics.Evictions));
        Assert.False(cache.Erase(key));
        cache.Clear();
        Assert.Equal(key, cache.GetLatest()!.Key);
        Add(1);
        Assert.Equal(5, lazy.Compiles);
        pin.Dispose();
        pin.Dispose();
        Add(2);
        Add(3);
        Assert.Null(cache.Get(key));
        Assert.Throws<KeyNotFoundException>(() => cache.Pin(key));
        using var last = cache.Pin(cache.GetLatest()!.Key);
        await lazy.Engine.RemoveBackendAsync("reference");
        Assert.Equal(0, cache.Numel);
    }

    [Fact]
    public async Task PinsBeyondTheLimitsAreTakenBackWhenTheyEnd()
    {
        await using var lazy = new TestEngine(new() { CacheBytes = 1 });
        var cache = lazy.Engine.ComputationCache;
        var pins = new List<IDisposable>();
        for (var size = 1; size < 4; size++)
        {
            _ = (lazy.Tensor(new float[size]) + 1).ToArray<float>();
            pins.Add(cache.Pin(cache.GetLatest()!.Key));
        }
        Assert.Equal(3, cache.Numel);
        foreach (var pin in pins) pin.Dispose();
        Assert.Equal(1, cache.Numel);
    }

    private static CachedComputation Add(ComputationCache cache, TestEngine lazy, UInt128 hash, long[] key)
    {
        var graph = new GraphBuilder();
        graph.AddRoot(graph.Emit(Operators.Neg.Form, [graph.Parameter(new(DType.Float32, [2]))]));
        var built = graph.Build();
        var (value, hit) = cache.GetOrCompile(hash, key, () => _ => new(built, new SegmentCompiler(lazy.Engine, lazy.Engine.Logger).Compile(lazy.Device, built, new(lazy.Engine.Options.Compilation)), 8), CancellationToken.None);
        Assert.False(hit);
        value.Computation.Unuse();
        return value;
    }

    private static CachedComputation? Find(ComputationCache cache, UInt128 hash, long[] key)
    {
        var found = cache.TryGet(hash, key);
        found?.Computation.Unuse();
        return found;
    }
}
