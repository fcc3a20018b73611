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
        Assert.Equal((2, 1), (cache.Count, cache.Evictions));
        cache.Clear(entry => entry == one);
        Assert.Null(Find(cache, 1, [1]));
        Assert.NotNull(Find(cache, 3, [3]));
        cache.Clear(entry => entry == one || entry == two); // neither is there any more
        Assert.Equal(1, cache.Count);
        cache.Clear();
        Assert.Equal((0, 0L), (cache.Count, cache.Bytes));
        Assert.Null(Find(cache, 3, [3]));
        Assert.Equal(1, cache.Evictions); // only what the limits took
    }

    [Fact]
    public async Task KeysOfOneHashAreToldApart()
    {
        await using var lazy = new TestEngine();
        var cache = new ComputationCache(4, long.MaxValue);
        CachedComputation[] added = [Add(cache, lazy, 9, [1, 2]), Add(cache, lazy, 9, [1, 3]), Add(cache, lazy, 9, [1])];
        Assert.Equal([added[0], added[1], added[2], null], new[] { Find(cache, 9, [1, 2]), Find(cache, 9, [1, 3]), Find(cache, 9, [1]), Find(cache, 9, [1, 4]) });
        cache.Clear(entry => entry == added[1]);
        Assert.Equal([added[0], null, added[2]], new[] { Find(cache, 9, [1, 2]), Find(cache, 9, [1, 3]), Find(cache, 9, [1]) });
        cache.Clear();
    }

    [Fact]
    public async Task AProgramThatCannotBeCompiledLeavesNoEntryAndTheNextTries()
    {
        await using var lazy = new TestEngine();
        var cache = new ComputationCache(4, long.MaxValue);
        for (var i = 0; i < 2; i++) Assert.Throws<CompilationException>(() => cache.GetOrCompile(1, [1], static () => throw new CompilationException("no"), CancellationToken.None));
        Assert.Equal(0, cache.Count);
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
        Assert.Equal((1, 1L, 0), (lazy.Engine.ComputationCache.Entries, lazy.Engine.Metrics.CacheEvictions.Total, freed));
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
        Assert.Equal(1, lazy.Engine.ComputationCache.Entries);
        Assert.Equal(noise.ToArray<float>().Sum(), sum.Item(), 1e-5f);
        Assert.Equal(sum.Item(), noise.Sum().Item());
    }

    private static CachedComputation Add(ComputationCache cache, TestEngine lazy, UInt128 hash, long[] key)
    {
        var graph = new GraphBuilder();
        graph.AddRoot(graph.Emit(Operators.Neg.Form, [graph.Parameter(new(DType.Float32, [2]))]));
        var built = graph.Build();
        var (value, hit) = cache.GetOrCompile(hash, key, () => new(built, new SegmentCompiler(lazy.Engine, lazy.Engine.Logger).Compile(lazy.Device, built, CancellationToken.None), 8), CancellationToken.None);
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
