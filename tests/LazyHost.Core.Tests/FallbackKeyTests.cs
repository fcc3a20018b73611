namespace LazyHost.Tests;

/// <summary>A program is used only while every backend it was made with, or would be made with, is there.</summary>
public sealed class FallbackKeyTests
{
    private static readonly LazyEngineOptions Chained = new() { FallbackChain = ["near", "far"] };

    private static float Run(Device device) => (Tensor.From([1f, 2f], [2], device) + 1).Tanh().ToArray<float>()[0];

    [Fact]
    public async Task AChainThatGrowsOrShrinksIsAnotherKey()
    {
        await using var engine = new LazyEngine(Chained);
        PartialBackend far = new("far"), near = new("near"), again = new("near") { Fingerprint = "newer" };
        var device = engine.AddBackend(new PartialBackend("own", "prim.tanh"), "own", "test")[0];
        engine.AddBackend(far, "far", "test");
        Assert.Equal(MathF.Tanh(2), Run(device), 1e-6f);
        Assert.Equal(1, far.Runs);

        engine.AddBackend(near, "near", "test");
        Assert.Equal(MathF.Tanh(2), Run(device), 1e-6f);
        Assert.Equal((1, 1), (near.Runs, far.Runs));

        await engine.RemoveBackendAsync("near");
        Assert.True(near.IsDisposed);
        Assert.Equal(MathF.Tanh(2), Run(device), 1e-6f);
        Assert.Equal((1, 2), (near.Runs, far.Runs));
        Assert.Equal(2, engine.Metrics.UncachedCompile.Total); // the first program is still right

        engine.AddBackend(again, "near", "test");
        Assert.Equal(MathF.Tanh(2), Run(device), 1e-6f);
        Assert.Equal((1, 2, 1), (near.Runs, far.Runs, again.Runs));
        Assert.Equal(3, engine.Metrics.UncachedCompile.Total);
    }

    [Fact]
    public async Task TheSameBackendComeBackIsCompiledForAnew()
    {
        await using var engine = new LazyEngine(Chained);
        PartialBackend first = new("far"), second = new("far");
        var device = engine.AddBackend(new PartialBackend("own", "prim.tanh"), "own", "test")[0];
        engine.AddBackend(first, "far", "test");
        _ = Run(device);
        await engine.RemoveBackendAsync("far");
        Assert.Throws<UnsupportedOperatorException>(() => Run(device));
        engine.AddBackend(second, "far", "test"); // the same key
        Assert.Equal(MathF.Tanh(2), Run(device), 1e-6f);
        Assert.Equal((1, 1), (first.Runs, second.Runs));
    }

    [Fact]
    public async Task AProgramWhoseBackendIsGoneIsAMiss()
    {
        await using var engine = new LazyEngine(Chained);
        var device = engine.AddBackend(new PartialBackend("own", "prim.tanh"), "own", "test")[0];
        var far = engine.AddBackend(new PartialBackend("far"), "far", "test")[0];
        var cache = new ComputationCache(4, long.MaxValue);
        var graph = new LazyHost.IR.GraphBuilder();
        graph.AddRoot(graph.Emit(Operators.Tanh.Form, [graph.Parameter(new(DType.Float32, [2]))]));
        var built = graph.Build();
        CachedComputation Compile() => new(built, new SegmentCompiler(engine, engine.Logger).Compile(device, built, new(engine.Options.Compilation)), 8);
        var (value, hit) = cache.GetOrCompile(1, [1], () => _ => Compile(), CancellationToken.None);
        Assert.False(hit);
        value.Computation.Unuse();
        Assert.NotNull(cache.TryGet(1, [1]));
        value.Computation.Unuse();

        await far.Host.Close();
        Assert.Null(cache.TryGet(1, [1]));
        Assert.Equal((0, 0), (cache.Numel, cache.Bytes));
        Assert.Throws<DeviceGoneException>(() => cache.GetOrCompile(1, [1], () => _ => Compile(), CancellationToken.None));
        Assert.Equal(0, cache.Numel);
        far.Host.Reopen();
        (value, hit) = cache.GetOrCompile(1, [1], () => _ => Compile(), CancellationToken.None);
        Assert.False(hit);
        value.Computation.Unuse();
        cache.Clear();
    }
}
