using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>Sizes that are new, where the backend has code for them: their programs are put together, which is no compilation and needs no limit's leave.</summary>
public sealed class NewSizeTests
{
    private static TestEngine Simd(LazyEngineOptions? options = null) => new(options, new SimdBackend(new(Threads: 1)));

    private static float Sum(TestEngine lazy, int size) => ((lazy.Tensor([.. Enumerable.Repeat(1f, size)]) * 3 + 1).Relu() / size).Sum().Item();

    private static (long Compiled, long Assembled, long Counted, int Explained) Figures(TestEngine lazy) =>
        (lazy.Compiles, lazy.Engine.Metrics.AssembledPrograms.Total, lazy.Engine.CompileLimit.Count, lazy.Engine.CompileHistory.Recent.Count);

    [Fact]
    public async Task ProgramsThatAreOnlyPutTogetherAreNoCompilations()
    {
        await using var lazy = Simd();
        foreach (var size in new[] { 40, 50, 60, 70 }) Assert.Equal(4, Sum(lazy, size), 1e-4);
        Assert.Equal((2, 2, 2, 2), Figures(lazy));
    }

    [Fact]
    public async Task ASizeThatNeedsNoCodeRunsOnceALimitIsUsedUpAndOneThatDoesIsRefused()
    {
        await using var lazy = Simd(new() { MaxCompiles = 2 });
        Sum(lazy, 40);
        Sum(lazy, 50);
        Assert.Equal(4, Sum(lazy, 60), 1e-4);
        using (lazy.Device.ForbidCompiles()) Assert.Equal(4, Sum(lazy, 70), 1e-4);
        var w = new Parameter(lazy.Tensor(1, 2));
        w.Assign((w + lazy.Tensor(3, 4)).Tanh());
        var error = Assert.Throws<CompileLimitException>(() => lazy.Device.MarkStep());
        Assert.Same(lazy.Engine.CompileLimit, error.Limit);
        Assert.NotEqual(CompileReason.FirstCompile, error.Explanation.Reason);
        Assert.False(w.IsSubmitted);
        Assert.Equal((2, 2, 2, 2), Figures(lazy));
        lazy.Engine.CompileLimit.Most++;
        lazy.Device.MarkStep();
        Assert.Equal(MathF.Tanh(6), w.ToArray<float>()[1], 1e-5);
        Assert.Equal((3, 2, 3, 3), Figures(lazy));
    }

    [Fact]
    public async Task ARefusalLeavesNothingBehindThatALaterCompilationWouldTakeForCode()
    {
        await using var lazy = Simd();
        foreach (var size in new[] { 40, 50, 60 })
            using (lazy.Device.Fork()) // what is refused stays recorded there
            using (lazy.Device.ForbidCompiles())
                Assert.Throws<CompileLimitException>(() => Sum(lazy, size));
        Assert.Equal((0, 0, 0, 0), Figures(lazy));
        lazy.Engine.CompileLimit.Most = 2;
        foreach (var size in new[] { 40, 50, 60 }) Assert.Equal(4, Sum(lazy, size), 1e-4);
        Assert.Equal((2, 1, 2, 2), Figures(lazy));
    }

    [Fact]
    public async Task WaitingOnATokenChangesNothingOfIt()
    {
        await using var lazy = Simd(new() { MaxCompiles = 2 });
        using var source = new CancellationTokenSource();
        async Task<float> Read(Tensor tensor) => (await tensor.ToArrayAsync<float>(source.Token))[0];
        foreach (var size in new[] { 40, 50, 60 }) Assert.Equal(2, await Read(lazy.Tensor([.. Enumerable.Repeat(1f, size)]) + 1));
        var other = lazy.Tensor(1, 2).Exp();
        await Assert.ThrowsAsync<CompileLimitException>(() => Read(other));
        Assert.Equal((2, 1, 2, 2), Figures(lazy));
    }

    [Fact]
    public async Task ACapturedFunctionIsCapturedForANewSizeWhereThatNeedsNoCode()
    {
        await using var lazy = Simd();
        var scale = new Parameter(lazy.Tensor(2));
        var f = Lazy.Compile((Tensor x) => (x * scale + 1).Relu());
        foreach (var size in new[] { 40, 50 }) f.Warmup(lazy.Device, [new(DType.Float32, [size])]);
        lazy.Engine.CompileLimit.Forbid();
        Assert.Equal([.. Enumerable.Repeat(3f, 60)], f.Run(lazy.Tensor([.. Enumerable.Repeat(1f, 60)])).ToArray<float>());
        var g = Lazy.Compile((Tensor x) => (x * scale).Exp());
        Assert.Throws<CompileLimitException>(() => g.Run(lazy.Tensor(1, 2)));
        Assert.Equal((3, 0), (f.Programs, g.Programs));
        Assert.Equal((2, 1, 2, 2), Figures(lazy));
    }

    [Fact]
    public async Task TheBodyOfALoopIsPutTogetherToo()
    {
        await using var lazy = Simd();
        float[] Turns(int size) => Loop.For(3, [lazy.Tensor([.. Enumerable.Repeat(1f, size)])], (_, c) => [c[0] * 2 + 1])[0].ToArray<float>();
        Turns(40);
        Turns(50);
        lazy.Engine.CompileLimit.Forbid();
        Assert.Equal([.. Enumerable.Repeat(15f, 60)], Turns(60));
        Assert.Equal((2, 1, 2, 2), Figures(lazy));
    }

    [Fact]
    public async Task ABackendThatMakesCodeForEachProgramIsNotAskedToCompileInVain()
    {
        var compiles = 0;
        await using var lazy = new TestEngine(null, new FaultyBackend { OnCompile = (_, _) => { compiles++; return null; } });
        Sum(lazy, 40);
        lazy.Engine.CompileLimit.Forbid();
        Assert.Throws<CompileLimitException>(() => Sum(lazy, 50));
        Assert.Equal(1, compiles);
    }

    [Fact]
    public async Task CodeThatABackendMakesAllTheSameIsThrownAwayAndTheSegmentRefused()
    {
        var disposed = 0;
        await using var lazy = new TestEngine(null, new FaultyBackend { Cheats = true, OnDispose = () => { disposed++; return null; } });
        Sum(lazy, 40);
        lazy.Engine.CompileLimit.Forbid();
        var y = lazy.Tensor(1, 2) + 5;
        Assert.Throws<CompileLimitException>(() => y.ToArray<float>());
        Assert.Equal((1, (1, 0, 1, 1)), (disposed, Figures(lazy)));
        lazy.Engine.CompileLimit.Most++;
        Assert.Equal([6f, 7], y.ToArray<float>());
    }
}
