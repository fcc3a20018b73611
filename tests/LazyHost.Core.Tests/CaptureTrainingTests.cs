using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>What captured functions change: numbers, random draws, gradients, variables.</summary>
public sealed class CaptureTrainingTests : IAsyncDisposable
{
    private readonly TestEngine lazy = new(null, new SimdBackend(new SimdSettings { Threads = 1 }));

    public ValueTask DisposeAsync() => lazy.DisposeAsync();

    [Fact]
    public void TensorsItAssignsToAreWrittenOnEveryRun()
    {
        var total = lazy.Tensor(0, 0);
        var f = Lazy.Compile(x =>
        {
            total.Assign(total + x);
            return total * 1.0;
        });
        for (var i = 1; i <= 5; i++) Assert.Equal([i, 2f * i], f.Run(lazy.Tensor(1, 2)).ToArray<float>());
        Assert.Equal([5f, 10], total.ToArray<float>());
        Assert.Equal([6f, 11], (total + 1).ToArray<float>());
    }

    [Fact]
    public void NumbersAreFrozenAndScalarsAreNot()
    {
        var (frozen, rate) = (3.0, new Scalar(10));
        var f = Lazy.Compile((Tensor[] xs, Scalar[] s) => [(xs[0] * frozen) + (rate * xs[0]) - s[0]]);
        var x = lazy.Tensor(1, 2);
        Assert.Equal([12f, 25], f.Run([x], [1.0])[0].ToArray<float>());
        (frozen, rate.Value) = (1000, 20);
        Assert.Equal([18f, 41], f.Run([x], [5.0])[0].ToArray<float>());
        Assert.Equal(1, lazy.Compiles);
        var text = f.Explain();
        Assert.Contains("numbers frozen when it was captured: 3 (mul", text, StringComparison.Ordinal);
        Assert.Contains("numbers looked up on every run: f32 in slot 1, f32 in slot 2", text, StringComparison.Ordinal);
        Assert.Throws<CaptureException>(() => Lazy.Compile((Tensor[] xs, Scalar[] s) => [xs[0] * s[0].Value]).Run([x], [1.0]));
    }

    [Fact]
    public async Task TheLogSaysWhatIsFrozenWhenItIsCaptured()
    {
        var log = new LogList();
        await using var engine = new LazyEngine(null, log);
        var device = engine.AddBackend(new SimdBackend(new SimdSettings { Threads = 1 }), "simd", "test")[0];
        Lazy.Compile(x => x.Mul(0.25), "quarter").Run(Tensor.From([1f], [1], device));
        Assert.Contains(log.Lines, line => line.Text.Contains("Captured quarter", StringComparison.Ordinal) && line.Text.Contains("0.25 (mul at CaptureTrainingTests.cs:", StringComparison.Ordinal));
    }

    [Fact]
    public void RandomNumbersAdvanceAsIfItWereRecordedEachTime()
    {
        Tensor Noise(Tensor x) => x + Tensor.RandomUniform(x.Shape, x.Device) + x.Dropout(0.5);
        var f = Lazy.Compile(Noise);
        var x = lazy.Tensor(1, 2, 3);
        lazy.Device.SetSeed(7);
        var captured = Enumerable.Range(0, 3).Select(_ => f.Run(x).ToArray<float>()).ToArray();
        lazy.Device.SetSeed(7);
        var recorded = Enumerable.Range(0, 3).Select(_ => Noise(x).ToArray<float>()).ToArray();
        Assert.Equal(recorded, captured);
        Assert.NotEqual(captured[0], captured[1]);

        var (one, other) = (new Generator(3), new Generator(3));
        var g = Lazy.Compile(t => t + Tensor.RandomNormal(t.Shape, t.Device, generator: one));
        Assert.Equal(Enumerable.Range(0, 2).Select(_ => (x + Tensor.RandomNormal(x.Shape, x.Device, generator: other)).ToArray<float>()),
            Enumerable.Range(0, 2).Select(_ => g.Run(x).ToArray<float>()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ATrainingStepGivesTheBitsOfOneThatIsRecorded(bool adam)
    {
        float[] Train(bool captured)
        {
            var w = new Parameter(Tensor.From([0.5f, -1, 2, 3], [2, 2], lazy.Device));
            Optimizer optimizer = adam ? new Adam([w], 0.1) : new SGD([w], 0.1, 0.9);
            Tensor Step(Tensor x)
            {
                var loss = (x.MatMul(w).Tanh() - 0.25).Square().Mean();
                loss.Backward();
                optimizer.Step();
                optimizer.ZeroGrad();
                return loss;
            }
            var step = Lazy.Compile(Step);
            var losses = new List<float>();
            for (var i = 0; i < 6; i++)
            {
                if (i == 3) optimizer.LearningRate = 0.02;
                var x = Tensor.From([1f, i, 2, 3], [2, 2], lazy.Device);
                losses.Add((captured ? step.Run(x) : Step(x)).Item());
                lazy.Device.MarkStep();
            }
            return [.. losses, .. w.ToArray<float>()];
        }
        await Task.Yield();
        Assert.Equal(Train(false), Train(true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GradientsItLeavesAreThoseOfARecordedFunction(bool clears)
    {
        float[][] Train(bool captured)
        {
            var w = new Parameter(lazy.Tensor(2, 3));
            Tensor Loss(Tensor x)
            {
                if (clears) w.Grad = null;
                var loss = (x * w * w).Sum();
                loss.Backward();
                return loss;
            }
            var f = Lazy.Compile(Loss);
            var seen = new List<float[]>();
            for (var i = 1; i <= 3; i++)
            {
                seen.Add([(captured ? f.Run(lazy.Tensor(i, 1)) : Loss(lazy.Tensor(i, 1))).Item()]);
                seen.Add(w.Grad!.ToArray<float>());
            }
            return [.. seen];
        }
        Assert.Equal(Train(false), Train(true));
    }

    [Fact]
    public void GradientsItForgetsAreForgottenOnEveryRun()
    {
        var w = new Parameter(lazy.Tensor(2, 3));
        var optimizer = new SGD([w], 0.5);
        var f = Lazy.Compile(x =>
        {
            (x * w).Sum().Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
            return x.Sum();
        });
        f.Run(lazy.Tensor(1, 1));
        w.Grad = lazy.Tensor(100, 100);
        f.Run(lazy.Tensor(1, 1));
        Assert.Null(w.Grad);
        Assert.Equal([1f, 2], w.ToArray<float>());
    }

    [Fact]
    public async Task AStepThatIsDiscardedPutsBackWhatARunHasWritten()
    {
        var state = lazy.Tensor(1);
        var f = Lazy.Compile(x =>
        {
            state.Assign(state + x);
            return state * 1;
        });
        f.Run(lazy.Tensor(1));
        lazy.Device.MarkStep();
        await using (lazy.Device.BeginStep()) f.Run(lazy.Tensor(100));
        Assert.Equal([2f], state.ToArray<float>());
        await using (var step = lazy.Device.BeginStep())
        {
            f.Run(lazy.Tensor(5));
            await step.CompleteAsync();
        }
        Assert.Equal([7f], state.ToArray<float>());
    }
}
