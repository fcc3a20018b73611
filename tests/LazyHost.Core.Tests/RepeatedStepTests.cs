using LazyHost.Backends.Reference;

namespace LazyHost.Tests;

/// <summary>Steps that come again, with and without branches: the same values each time, and compiled once for each branch.</summary>
public sealed class RepeatedStepTests
{
    private const int Steps = 10;

    [Fact]
    public async Task AStepIsCompiledOnce()
    {
        await using var lazy = new TestEngine();
        var (x, y, z) = (lazy.Tensor(1, 2), lazy.Tensor(3, 4), Tensor.Zeros([2], lazy.Device));
        for (var i = 0; i < Steps; i++)
        {
            z.AddInPlace(x + y);
            lazy.Device.MarkStep();
        }
        Assert.Equal([40f, 60], z.ToArray<float>());
        Assert.Equal((1, Steps - 1), (lazy.Compiles, lazy.Hits));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ABranchIsCompiledOnceWhereverItIsTaken(bool fallback)
    {
        await using var lazy = new TestEngine(fallback ? new() { FallbackChain = ["reference"], ForcedFallback = ["sub"] } : new(), new FaultyBackend());
        lazy.Engine.AddBackend(new ReferenceBackend(), "fallback", "test");
        var (x, y, z) = (lazy.Tensor(1, 2), lazy.Tensor(3, 5), Tensor.Zeros([2], lazy.Device));
        for (var i = 0; i < Steps; i++)
        {
            z.Assign(i % 3 == 1 ? z + x - y : z + x + y);
            lazy.Device.MarkStep();
        }
        Assert.Equal([22f, 40], z.ToArray<float>());
        Assert.Equal((2, Steps - 2), (lazy.Compiles, lazy.Hits));
        Assert.Equal(fallback ? 3 : 0, lazy.Engine.Metrics.FallbackOperators.GetValueOrDefault("fallback::sub"));
        Assert.Equal((3, 17), (lazy.Engine.Metrics.TracedOperators["lazy::sub"], lazy.Engine.Metrics.TracedOperators["lazy::add"]));
    }

    [Fact]
    public async Task ABranchDeepInsideAStepIsAProgramOfItsOwn()
    {
        await using var lazy = new TestEngine();
        for (var i = 0; i < Steps; i++)
        {
            var x = lazy.Tensor(i, 1) + 1;
            var y = i % 2 == 0 ? x * 2 : x - 2;
            Assert.Equal(i % 2 == 0 ? 2f * (i + 1) + 3 : i - 1 + 3, (y + 3).ToArray<float>()[0]);
        }
        Assert.Equal((2, Steps - 2), (lazy.Compiles, lazy.Hits));
    }

    [Fact]
    public async Task TrainingABatchNormIsCompiledOnceAndLikeEagerMode()
    {
        await using var lazy = new TestEngine();
        await using var eager = new TestEngine(new() { Mode = ExecutionMode.Eager });
        Assert.Equal(Train(eager), Train(lazy));
        Assert.Equal((1, Steps - 1), (lazy.Compiles, lazy.Hits));

        static float[] Train(TestEngine lazy)
        {
            var norm = new BatchNorm2d(2, lazy.Device);
            var optimizer = new SGD(norm.Parameters(), 0.1);
            for (var i = 0; i < Steps; i++)
            {
                var x = Tensor.From(Enumerable.Range(0, 16).Select(k => MathF.Sin((k * 3) + i)).ToArray(), [2, 2, 2, 2], lazy.Device);
                optimizer.ZeroGrad();
                (norm.Forward(x) - 0.5).Square().Mean().Backward();
                optimizer.Step();
                lazy.Device.MarkStep();
            }
            return [.. norm.Weight.ToArray<float>(), .. norm.Bias.ToArray<float>(), .. norm.RunningMean.ToArray<float>(), .. norm.RunningVariance.ToArray<float>()];
        }
    }

    [Fact]
    public async Task ACompiledStepIsReplayedOnOtherInputsAndOnWhatItWrites()
    {
        await using var lazy = new TestEngine();
        var random = new Random(1);
        var state = Tensor.Zeros([3], lazy.Device);
        var expected = new float[3];
        for (var i = 0; i < Steps; i++)
        {
            float[] x = [.. Enumerable.Range(0, 3).Select(_ => random.Next(-9, 10))], y = [.. Enumerable.Range(0, 3).Select(_ => random.Next(-9, 10))];
            var scale = i + 1;
            var (a, b) = (lazy.Tensor(x), lazy.Tensor(y));
            var sum = a + (b * scale);
            state.AddInPlace(sum);
            var values = await Tensor.ToArraysAsync<float>([sum, sum, a]); // one of them twice, one only an input
            lazy.Device.MarkStep();
            for (var k = 0; k < 3; k++) expected[k] += x[k] + (y[k] * scale);
            Assert.Equal(x.Select((v, k) => v + (y[k] * scale)), values[0]);
            Assert.Equal(values[0], values[1]);
            Assert.Equal(x, values[2]);
            Assert.Equal(expected, state.ToArray<float>());
        }
        Assert.Equal(1, lazy.Compiles);
    }
}
