namespace LazyHost.Tests;

/// <summary>Limits of what may be compiled: they refuse before anything has changed, and say why it would be compiled.</summary>
public sealed class CompileLimitTests
{
    [Fact]
    public async Task AfterWarmUpACompilationIsAnErrorThatChangesNothingAndTheStepCanBeMarkedAgain()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(1, 2));
        void Step(Tensor x) => w.Assign(w + x.Sum());
        Step(lazy.Tensor(1, 2));
        lazy.Device.MarkStep();
        lazy.Engine.CompileLimit.Forbid();
        Step(lazy.Tensor(3, 4));
        lazy.Device.MarkStep(); // in the cache
        Step(lazy.Tensor(1, 2, 3));
        var error = Assert.Throws<CompileLimitException>(() => lazy.Device.MarkStep());
        Assert.Equal((CompileReason.Shape, "sum", "f32[3]"), (error.Explanation.Reason, error.Explanation.Operator, error.Explanation.Now));
        Assert.Same(lazy.Engine.CompileLimit, error.Limit);
        Assert.StartsWith("1 compilation is allowed, but a segment on reference:0 needs one more: sum", error.Message, StringComparison.Ordinal);
        Assert.False(w.IsSubmitted);
        Assert.Equal((1, 2L, 1L), (lazy.Compiles, lazy.Device.Steps, lazy.Engine.CompileLimit.Count));
        lazy.Engine.CompileLimit.Most++;
        lazy.Device.MarkStep();
        Assert.Equal([17f, 18], w.ToArray<float>());
        Assert.Equal((2, 3L), (lazy.Compiles, lazy.Device.Steps));
    }

    [Fact]
    public async Task AScopeForbidsItsFlowAloneAndAReadInItChangesNothing()
    {
        await using var lazy = new TestEngine();
        Tensor y;
        using (lazy.Device.ForbidCompiles())
        {
            y = lazy.Tensor(1, 2) * 3;
            Assert.Throws<CompileLimitException>(() => y.ToArray<float>());
            var error = await Assert.ThrowsAsync<CompileLimitException>(() => y.ToArrayAsync<float>());
            Assert.Equal(CompileReason.FirstCompile, error.Explanation.Reason);
            Assert.StartsWith("no compilation is allowed, ", error.Message, StringComparison.Ordinal);
            Task other;
            using (ExecutionContext.SuppressFlow()) other = Task.Run(() => Assert.Equal(3f, (lazy.Tensor(1) + 2).Item()));
            await other;
        }
        Assert.Equal([3f, 6], y.ToArray<float>());
    }

    [Fact]
    public async Task ALimitIsCountedOnAcrossItsScopesAndThoseAroundThemCountToo()
    {
        await using var lazy = new TestEngine();
        float Run(int size) => (lazy.Tensor(new float[size]) + 1).ToArray<float>()[0];
        var (outer, inner) = (new CompileLimit(4, "all"), new CompileLimit(2, "eval"));
        using (lazy.Device.Use(outer))
        {
            using (lazy.Device.Use(inner)) Run(1);
            using (lazy.Device.Use(inner)) Run(2);
            using (lazy.Device.Use(inner)) Assert.Contains("by the limit 'eval'", Assert.Throws<CompileLimitException>(() => Run(3)).Message, StringComparison.Ordinal);
            Assert.Equal((2L, 2L), (outer.Count, inner.Count));
            lazy.Device.MarkStep(); // runs what was refused: the inner limit is over
            Run(4);
            inner.Most = 9;
            using (lazy.Device.Use(inner)) Assert.Same(outer, Assert.Throws<CompileLimitException>(() => Run(5)).Limit);
        }
        Assert.Equal(1, Run(5));
    }

    [Fact]
    public async Task AStepScopeCanBeCompletedOnceTheLimitIsRaised()
    {
        await using var lazy = new TestEngine(new() { MaxCompiles = 0 });
        var w = new Parameter(lazy.Tensor(1));
        await using (var step = lazy.Device.BeginStep())
        {
            w.Assign(w + 1);
            await Assert.ThrowsAsync<CompileLimitException>(() => step.CompleteAsync());
            lazy.Engine.CompileLimit.Most = 1;
            await step.CompleteAsync();
        }
        Assert.Equal(2f, w.Item());
    }

    [Fact]
    public async Task ACapturedFunctionIsCapturedOnceItMayBeAndThenReplayed()
    {
        await using var lazy = new TestEngine();
        var state = lazy.Tensor(1, 2);
        var f = Lazy.Compile(x => state.Assign(state + x) * 2.0);
        using (lazy.Device.ForbidCompiles()) Assert.Throws<CompileLimitException>(() => f.Run(lazy.Tensor(1, 1)));
        Assert.Equal([1f, 2], state.ToArray<float>());
        Assert.Equal([4f, 6], f.Run(lazy.Tensor(1, 1)).ToArray<float>());
        using (lazy.Device.ForbidCompiles()) Assert.Equal([6f, 8], f.Run(lazy.Tensor(1, 1)).ToArray<float>());
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task ACompilationThatFailsIsNotCounted()
    {
        var backend = new FaultyBackend { OnCompile = static (_, _) => new InvalidOperationException("no luck") };
        await using var lazy = new TestEngine(new() { MaxCompiles = 1 }, backend);
        Assert.Throws<CompilationException>(() => (lazy.Tensor(1) + 1).Item());
        Assert.Equal(0, lazy.Engine.CompileLimit.Count);
        backend.OnCompile = static (_, _) => null;
        Assert.Equal(2f, (lazy.Tensor(1) + 1).Item());
    }
}
