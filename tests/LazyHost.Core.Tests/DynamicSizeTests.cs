using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>Tensors marked as varying in size: the first size has code made that serves the others too.</summary>
public sealed class DynamicSizeTests
{
    private static TestEngine Simd() => new(null, new SimdBackend(new(Threads: 1)));

    private static Tensor Input(TestEngine lazy, int rows, bool isMarked, int columns = 4)
    {
        var tensor = Tensor.From([.. Enumerable.Range(0, rows * columns).Select(static k => MathF.Sin(k))], [rows, columns], lazy.Device);
        return isMarked ? tensor.MarkDynamic(0) : tensor;
    }

    /// <summary>Trains two layers on batches of these sizes.</summary>
    private static async Task<(float[] Losses, float[] Weights, long Compiled, long Programs)> Train(bool isMarked, int[] batches)
    {
        await using var lazy = Simd();
        var (first, second) = (new Linear(4, 8, lazy.Device, seed: 1), new Linear(8, 3, lazy.Device, seed: 2));
        var layers = new Sequential(first, new ReLU(), second);
        var optimizer = new SGD(layers.Parameters(), 0.1, momentum: 0.9);
        lazy.Device.MarkStep();
        var (compiled, programs) = (lazy.Compiles, lazy.Programs);
        var losses = new List<float>();
        foreach (var batch in batches)
        {
            optimizer.ZeroGrad();
            var loss = (layers.Forward(Input(lazy, batch, isMarked)) - Input(lazy, batch, isMarked, 3)).Square().Mean();
            loss.Backward();
            optimizer.Step();
            lazy.Device.MarkStep();
            losses.Add(loss.Item());
        }
        return ([.. losses], first.Weight.ToArray<float>(), lazy.Compiles - compiled, lazy.Programs - programs);
    }

    [Fact]
    public async Task TenBatchSizesOfATrainingStepHaveCodeMadeOnceAndGiveTheSameBits()
    {
        int[] batches = [32, 7, 12, 33, 64, 5, 9, 48, 20, 2];
        var (marked, plain) = (await Train(true, batches), await Train(false, batches));
        Assert.Equal((1, 10), (marked.Compiled, marked.Programs));
        Assert.Equal((2, 10), (plain.Compiled, plain.Programs));
        Assert.Equal(plain.Losses, marked.Losses);
        Assert.Equal(plain.Weights, marked.Weights);
    }

    [Fact]
    public async Task SizesOfNothingAndOneHaveCodeOfTheirOwn()
    {
        await using var lazy = Simd();
        float[] Run(int rows) => ((Input(lazy, rows, isMarked: true) * 2 + 1).Relu().Sum(1) + 0.5).ToArray<float>();
        await using var reference = new TestEngine();
        var compiled = new List<long>();
        foreach (var rows in new[] { 6, 1, 0, 9, 1, 0, 30, 2 })
        {
            var expected = ((Input(reference, rows, isMarked: false) * 2 + 1).Relu().Sum(1) + 0.5).ToArray<float>();
            var actual = Run(rows);
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5);
            compiled.Add(lazy.Compiles);
        }
        Assert.Equal([1L, 2], compiled[..2]);
        Assert.Equal(compiled[2], compiled[^1]); // from then on everything is there
        Assert.InRange(compiled[^1], 2, 3);
    }

    [Fact]
    public async Task ASizeFromWhichWorkIsCutOtherwiseHasCodeMadeOnce()
    {
        await using var lazy = Simd();
        var compiled = new List<long>();
        foreach (var rows in new[] { 8, 12, 40, 9, 64, 20 })
        {
            var across = Input(lazy, rows, isMarked: true, 24).Transpose(0, 1) + Input(lazy, 24, isMarked: true, rows);
            var elements = across.ToArray<float>();
            for (var i = 0; i < elements.Length; i++) Assert.Equal(MathF.Sin((i % rows * 24) + (i / rows)) + MathF.Sin(i), elements[i], 1e-5);
            compiled.Add(lazy.Compiles);
        }
        Assert.Equal([1L, 1, 2, 2, 2, 2], compiled);
    }

    [Fact]
    public async Task AMarkIsPartOfTheKeyAndADifferenceOfItIsExplained()
    {
        await using var lazy = Simd();
        float Run(bool isMarked) => (Input(lazy, 5, isMarked) * 3).Sum().Item();
        var plain = Run(false);
        Assert.Equal(plain, Run(true));
        Assert.Equal((2, 0), (lazy.Compiles, lazy.Hits));
        Assert.Equal(CompileReason.Backend, lazy.Engine.CompileHistory.Recent[^1].Reason);
        Assert.Equal((plain, plain), (Run(true), Run(false)));
        Assert.Equal((2, 2), (lazy.Compiles, lazy.Hits));
    }

    [Fact]
    public async Task AxesThatAreNoneAreRefusedAndNothingIsMarked()
    {
        await using var lazy = Simd();
        var x = Input(lazy, 5, isMarked: false);
        Assert.Throws<AxisOutOfRangeException>(() => x.MarkDynamic(0, 2));
        Assert.Throws<AxisOutOfRangeException>(() => x.MarkDynamic(-3));
        Assert.Throws<InvalidAttributeException>(() => x.MarkDynamic());
        _ = (x * 2).ToArray<float>();
        Assert.Same(x, x.MarkDynamic(-2, 1));
        // An operator that is refused leaves no mark behind.
        Assert.Throws<ShapeMismatchException>(() => x + lazy.Tensor(1, 2, 3));
        _ = (Input(lazy, 5, isMarked: false) * 2).ToArray<float>();
        Assert.Equal((1, 1), (lazy.Programs, lazy.Hits));
        _ = (x * 2).ToArray<float>();
        Assert.Equal(2, lazy.Programs);
    }

    [Fact]
    public async Task WhatComputesAMarkedTensorVariesWithIt()
    {
        await using var lazy = Simd();
        foreach (var size in new[] { 20, 30, 40 }) Assert.Equal(size * 3f, (Tensor.Ones([size], lazy.Device) * 2 + 1).MarkDynamic(0).ToArray<float>().Sum());
        Assert.Equal((1, 3), (lazy.Compiles, lazy.Programs));
    }

    [Fact]
    public async Task AMarkStaysWithItsTensorThroughWritesAndReachesItsViews()
    {
        await using var lazy = Simd();
        foreach (var rows in new[] { 6, 8, 10 })
        {
            var x = Input(lazy, rows, isMarked: true);
            x.AddInPlace(1);
            lazy.Device.MarkStep();
            _ = (x.Transpose(0, 1)[1] * 2).Sum().Item();
        }
        Assert.Equal((2, 6), (lazy.Compiles, lazy.Programs)); // the write, and what is computed of a view
    }

    [Fact]
    public async Task GradientsAndValuesThatAreComputedLaterVaryToo()
    {
        await using var lazy = Simd();
        var w = new Parameter(lazy.Tensor(1, 2, 3, 4));
        foreach (var rows in new[] { 6, 8, 10 })
        {
            var y = Input(lazy, rows, isMarked: true) * w;
            var z = y.Tanh();
            var loss = z.Square().Sum();
            _ = loss.Item();
            loss.Backward(); // in a segment of its own
            w.AddInPlace(w.Grad!);
            w.Grad = null;
            lazy.Device.MarkStep();
            if (rows == 6) lazy.Engine.CompileLimit.Forbid();
            Assert.Equal(rows * 4, z.ToArray<float>().Length);
        }
    }

    [Fact]
    public async Task ACapturedFunctionTakesTheMarksOfItsArguments()
    {
        await using var lazy = Simd();
        var w = new Parameter(lazy.Tensor(1, 2, 3, 4));
        var f = Lazy.Compile((Tensor x) => (x * w + 1).Relu());
        Assert.Equal(24, f.Run(Input(lazy, 6, isMarked: true)).ToArray<float>().Length);
        lazy.Engine.CompileLimit.Forbid();
        foreach (var rows in new[] { 8, 10, 50 }) Assert.Equal(rows * 4, f.Run(Input(lazy, rows, isMarked: true)).ToArray<float>().Length);
        f.Run(Input(lazy, 6, isMarked: false)); // as captured
        Assert.Equal((4, 1, 4), (f.Programs, lazy.Compiles, lazy.Programs));
    }

    [Fact]
    public async Task LoopsAndPureFunctionsTakeThemToo()
    {
        await using var lazy = Simd();
        var pure = Lazy.AssumePure((Tensor x) => (x * 2 + 1).Relu());
        foreach (var rows in new[] { 6, 8, 10 }) _ = pure(Input(lazy, rows, isMarked: true)).Sum().Item();
        Assert.Equal((1, 3), (lazy.Compiles, lazy.Programs));
        foreach (var rows in new[] { 6, 8, 10 }) _ = Loop.For(3, [Input(lazy, rows, isMarked: true)], (_, c) => [(c[0] * 0.5).Tanh()])[0].ToArray<float>();
        Assert.Equal((2, 6), (lazy.Compiles, lazy.Programs));
    }
}
