using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>Functions that are recorded once and put into what their callers record.</summary>
public sealed class PureFunctionTests : IAsyncDisposable
{
    private readonly TestEngine lazy = new(null, new SimdBackend(new SimdSettings { Threads = 1 }));
    private int calls;

    public ValueTask DisposeAsync() => lazy.DisposeAsync();

    /// <summary>The function as it is, and assumed to be pure.</summary>
    private (Func<Tensor[], Tensor[]> Plain, Func<Tensor[], Tensor[]> Pure) Both(Func<Tensor[], Tensor[]> f) => (f, Lazy.AssumePure((Tensor[] xs) =>
    {
        calls++;
        return f(xs);
    }));

    private void RequireSame(Func<Tensor[], Tensor[]> f, Func<Tensor[]> arguments)
    {
        var (plain, pure) = Both(f);
        float[][]? expected = null;
        long compiles = 0;
        foreach (var (function, turn) in new[] { (plain, 0), (plain, 1), (pure, 2), (pure, 3), (plain, 4), (pure, 5) })
        {
            lazy.Device.SetSeed(7);
            var results = function(arguments());
            var sum = results.Aggregate(lazy.Tensor(0), (a, r) => a + r.To(DType.Float32).Sum());
            lazy.Device.MarkStep();
            var values = results.Append(sum).Select(r => r.To(DType.Float32).ToArray<float>()).ToArray();
            expected ??= values;
            if (turn <= 1) compiles = lazy.Compiles; // at first views from outside are of the same segment
            Assert.Equal(expected, values);
            Assert.True(lazy.Compiles == compiles, $"compiled {lazy.Compiles - compiles} more in turn {turn}");
        }
        Assert.Equal(1, calls);
        calls = 0;
    }

    [Fact]
    public void ItIsCalledOnceAndHasTheKeyOfWhatItRecords()
    {
        var w = new Parameter(lazy.Tensor(2, 3));
        var (stale, fresh) = (w[..1], lazy.Tensor(5, 6)[1..]);
        Tensor[] Arguments() => [lazy.Tensor(1, 2) * 3, lazy.Tensor(4, 5)];
        RequireSame(xs => [(xs[0] * 2.0) + xs[1]], Arguments);
        RequireSame(xs => [2.0 * xs[1], xs[1] + w, xs[1] - stale], Arguments);
        RequireSame(xs => [fresh * 2, stale + fresh, fresh + xs[0]], Arguments);
        RequireSame(xs => [xs[0].Sort(0).Values, xs[1]], Arguments);
        RequireSame(xs => [.. xs[0].Sort(0) is var (values, places) ? new[] { places, values } : []], Arguments);
        RequireSame(xs =>
        {
            var unused = xs[0] * 7;
            var y = xs[1] + 1;
            y.AddInPlace(xs[0]);
            y[..1].Assign(lazy.Tensor(9));
            using (lazy.Device.Scope("inner")) return [y, y.Keep(), y * unused.Keep()];
        }, Arguments);
        RequireSame(xs => [xs[0].Dropout(0.5), Tensor.RandomUniform([3], lazy.Device) + xs[1].Sum()], Arguments);
        RequireSame(xs => [Loop.For(3, [xs[0]], (_, c) => [c[0] + (xs[1] * stale)])[0], xs[1][..1], xs[0]], Arguments);
        RequireSame(xs => [xs[0] + xs[1]], () => lazy.Tensor(4, 5) is var x ? [x, x] : []);
        RequireSame(xs => [xs[0] - xs[1]], () => (lazy.Tensor(4, 5) * 2) is var x ? [x[..1], x[1..]] : []);
    }

    [Fact]
    public void ItFusesWithWhatIsAroundIt()
    {
        var f = Lazy.AssumePure(x => (x * 2.0).Relu());
        var y = f(f(lazy.Tensor(-1, 2) + 1) - 3) * 5;
        Assert.Equal([0f, 30], y.ToArray<float>());
        Assert.Equal(1, lazy.Device.Latest!.Computation.KernelCount);
    }

    [Fact]
    public void GradientsFlowThroughItAsThroughItsCode()
    {
        var (w, v) = (new Parameter(lazy.Tensor(2, 3)), new Parameter(lazy.Tensor(1, -1)));
        var hidden = v * 2;
        lazy.Device.MarkStep();
        var (plain, pure) = Both(xs =>
        {
            var y = (xs[0] * w).Tanh() + hidden + xs[1];
            Tensor cut;
            using (GradMode.NoGrad()) cut = xs[0] * 3;
            y += cut;
            return [y, y.Detach() * xs[0]];
        });
        List<float[]> gradients = [];
        var compiles = new List<long>();
        foreach (var function in new[] { plain, pure, pure, plain })
        {
            (w.Grad, v.Grad) = (null, null);
            var results = function([v * v, lazy.Tensor(1, 1)]);
            Assert.True(results[0].RequiresGrad && results[1].RequiresGrad);
            (results[0].Sum() + results[1].Sum()).Backward();
            lazy.Device.MarkStep();
            gradients.Add([.. w.Grad!.ToArray<float>(), .. v.Grad!.ToArray<float>()]);
            compiles.Add(lazy.Compiles);
        }
        Assert.Equal(1, calls);
        foreach (var gradient in gradients) Assert.Equal(gradients[0], gradient);
        Assert.All(compiles, c => Assert.Equal(compiles[0], c));
        Assert.False(pure([lazy.Tensor(1, 2), lazy.Tensor(1, 1)])[1].RequiresGrad);
        using (GradMode.NoGrad()) Assert.False(pure([v * v, lazy.Tensor(1, 1)])[0].RequiresGrad);
        Assert.Equal(3, calls); // once for each way gradients flow
    }

    [Fact]
    public void ItFollowsTensorsItReachesAndScalarsAndFreezesNumbers()
    {
        var (scale, offset, frozen) = (lazy.Tensor(2, 3), new Scalar(1), 10.0);
        var shown = scale[1..];
        var f = Lazy.AssumePure(x => (x * scale) + offset + frozen + shown);
        Assert.Equal([16f, 20], f(lazy.Tensor(1, 2)).ToArray<float>());
        (offset.Value, frozen) = (2, 0);
        scale.Assign(scale * 2);
        Assert.Equal([22f, 30], f(lazy.Tensor(1, 2)).ToArray<float>());
        scale[1..].Assign(lazy.Tensor(0));
        Assert.Equal([16f, 12], f(lazy.Tensor(1, 2)).ToArray<float>());
    }

    [Fact]
    public async Task RandomOperationsDrawAnewAsIfTheyWereRecorded()
    {
        var generator = new Generator(5);
        var (plain, pure) = Both(xs => [Tensor.RandomUniform([4], lazy.Device) + xs[0], Tensor.RandomNormal([4], lazy.Device, generator: generator)]);
        float[] Draw(Func<Tensor[], Tensor[]> first, Func<Tensor[], Tensor[]> second)
        {
            lazy.Device.SetSeed(3);
            generator.SetSeed(5);
            var x = lazy.Tensor(0, 0, 0, 0);
            return [.. first([x]).Concat(second([x])).SelectMany(t => t.ToArray<float>())];
        }
        var expected = Draw(plain, plain);
        Assert.Equal(expected, Draw(pure, pure));
        Assert.Equal(expected, Draw(plain, pure));
        Assert.NotEqual(expected[..4], expected[8..12]);
        Assert.Equal(2ul, generator.Draws);
        await using (lazy.Device.BeginStep()) pure([lazy.Tensor(0, 0, 0, 0)]);
        Assert.Equal(2ul, generator.Draws); // discarded with its step
    }

    [Fact]
    public void ViewsShowWhatTheyWereMadeOf()
    {
        var outside = lazy.Tensor(7, 8);
        var f = Lazy.AssumePure((Tensor[] xs) =>
        {
            var y = xs[0] * 2;
            var part = y[..2];
            var early = y[..1];
            y.AddInPlace(1);
            return [xs[0][1..][..1], part, y, xs[0], outside[..1], outside, early];
        });
        for (var turn = 0; turn < 3; turn++)
        {
            var x = lazy.Tensor(1, 2, 3);
            var results = f([x]);
            Assert.Same(x, results[3]);
            Assert.Same(outside, results[5]);
            Assert.Equal([3f], results[6].ToArray<float>());
            results[0].Assign(lazy.Tensor(20));
            results[1].Assign(lazy.Tensor(5, 6));
            results[4].Assign(lazy.Tensor(turn));
            Assert.Equal([1f, 20, 3], x.ToArray<float>());
            Assert.Equal([5f, 6, 7], results[2].ToArray<float>());
            Assert.Equal([turn, 8f], outside.ToArray<float>());
            Assert.True(results[0].IsAliasOf(x));
        }
        var transposed = Tensor.From([1f, 2, 3, 4], [2, 2], lazy.Device).Transpose();
        Assert.Equal([1f, 3], f([transposed])[0].Shape.Rank == 2 ? f([transposed])[2].Slice(0, 0, 1).ToArray<float>().Select(v => (v - 1) / 2) : []);
    }

    [Fact]
    public void ItIsRecordedAnewForOtherTypes()
    {
        var f = Lazy.AssumePure((x, y) =>
        {
            calls++;
            return x + (y * x.Shape[0]);
        });
        Assert.Equal([3f, 5], f(lazy.Tensor(1, 1), lazy.Tensor(1, 2)).ToArray<float>());
        Assert.Equal([4f, 7, 10], f(lazy.Tensor(1, 1, 1), lazy.Tensor(1, 2, 3)).ToArray<float>());
        var x = lazy.Tensor(1, 2);
        Assert.Equal([3f, 6], f(x, x).ToArray<float>());
        Assert.Equal([3f, 5], f(lazy.Tensor(1, 1), lazy.Tensor(1, 2)).ToArray<float>());
        Assert.Equal(3, calls);
    }

    [Fact]
    public void PureFunctionsMayBeInEachOtherInLoopsAndInCapturedFunctions()
    {
        var scalar = new Scalar(1);
        var state = lazy.Tensor(1, 1);
        var inner = Lazy.AssumePure(x => (x * scalar) + state);
        var outer = Lazy.AssumePure(x => inner(inner(x)) * 2);
        var captured = Lazy.Compile(x => outer(x) + outer(x).Dropout(0.0) + Loop.For(2, [x], (_, c) => [inner(c[0])])[0]);
        Assert.Equal([2f * 2 * 3 + 3, 2f * 2 * 4 + 4], captured.Run(lazy.Tensor(1, 2)).ToArray<float>());
        scalar.Value = 2;
        state.Assign(lazy.Tensor(0, 0));
        Assert.Equal([2f * 2 * 4 + 4, 2f * 2 * 8 + 8], captured.Run(lazy.Tensor(1, 2)).ToArray<float>());
        Assert.Equal([8f, 16], outer(lazy.Tensor(1, 2)).ToArray<float>());
        Assert.Equal(1, captured.Programs);
    }

    [Fact]
    public void WhatIsNotPureIsRefusedAndLeavesEverythingAsItWas()
    {
        var (state, w) = (lazy.Tensor(1, 2), new Parameter(lazy.Tensor(3, 4)));
        w.Grad = lazy.Tensor(5, 6);
        var pending = state * 2;
        var recorded = (state * w).Sum();
        var sgd = new SGD([w], 0.1);
        void Refused<TException>(Func<Tensor, Tensor> f, string because) where TException : LazyHostException
        {
            var message = Assert.Throws<TException>(() => Lazy.AssumePure(f)(state)).Message;
            Assert.Contains(because, message, StringComparison.Ordinal);
        }
        Refused<CaptureException>(x => state.Assign(x * 2), "assigns to f32[2]");
        Refused<CaptureException>(x => x.AddInPlace(1), "assigns to f32[2]");
        Refused<CaptureException>(x => pending.AddInPlace(x), "PureFunctionTests.cs");
        Refused<CaptureException>(x => x[..1].Assign(lazy.Tensor(4)), "assigns to");
        Refused<CaptureException>(x => pending.Keep() + x, "keeps");
        Refused<CaptureException>(
            x =>
            {
                (x * w).Sum().Backward();
                return x;
            }, "gradients in parameters");
        Refused<CaptureException>(
            x =>
            {
                sgd.ZeroGrad();
                return x;
            }, "gradient of a parameter");
        Refused<CaptureException>(
            x =>
            {
                sgd.Step();
                return x;
            }, "optimizer");
        Refused<CaptureException>(
            x =>
            {
                lazy.Device.AddStepClosure(() => calls++);
                return x;
            }, "step closure");
        Refused<CaptureException>(x => null!, "null");
        Refused<StepException>(x => x * x.Sum().Item(), "PureFunctionTests.cs");
        Refused<StepException>(x => x * x.ToArray<float>()[0], "PureFunctionTests.cs");
        Refused<StepException>(
            x =>
            {
                lazy.Device.MarkStep();
                return x;
            }, "MarkStep");
        Refused<ShapeMismatchException>(x => x + lazy.Tensor(1, 2, 3), "PureFunctionTests.cs");
        Assert.Throws<CaptureException>(() => Lazy.AssumePure((Tensor[] xs) => xs)([]));
        Assert.Equal([1f, 2], state.ToArray<float>());
        Assert.Equal([2f, 4], pending.ToArray<float>());
        Assert.Equal(11f, recorded.Item());
        Assert.Equal([5f, 6], w.Grad!.ToArray<float>());
        Assert.Equal([3f, 4], w.ToArray<float>());
        Assert.Equal(0, calls);
    }

    [Fact]
    public async Task AnArgumentThatHasExpiredIsNamedAndNothingIsRecorded()
    {
        var generator = new Generator(1);
        var f = Lazy.AssumePure((a, b) => a.Dropout(0.5, generator) + b);
        Tensor expired;
        await using (var step = lazy.Device.BeginStep())
        {
            expired = Tensor.From(new float[40_000], [40_000], lazy.Device) + 1;
            await step.CompleteAsync(TestContext.Current.CancellationToken);
        }
        var x = Tensor.From(new float[40_000], [40_000], lazy.Device);
        f(x, x * 1);
        var error = Assert.Throws<ExpiredValueException>(() => f(x, expired));
        Assert.Equal("add", error.Operator);
        Assert.Contains("PureFunctionTests.cs", error.Message, StringComparison.Ordinal);
        Assert.Equal(1ul, generator.Draws);
    }

    [Fact]
    public async Task ManyThreadsCallOneFunctionAtOnce()
    {
        var (w, shared) = (lazy.Tensor(2, 3), lazy.Tensor(1, 1) * 4);
        var f = Lazy.AssumePure((x, y) =>
        {
            Interlocked.Increment(ref calls);
            return (x * w) + shared + y;
        });
        lazy.Device.MarkStep();
        float[] Called(int i, int n) => f(lazy.Tensor(i, i), lazy.Tensor(n, n) * 1).ToArray<float>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
        {
            for (var n = 0; n < 50; n++) Assert.Equal([(2f * i) + 4 + n, (3f * i) + 4 + n], Called(i, n));
        })));
        Assert.Equal(1, calls);
        Assert.InRange(lazy.Compiles, 1, 3);
    }

    [Fact]
    public async Task AnArgumentOfAnotherFlowIsComputedThere()
    {
        var results = await Call();
        Assert.Equal([7f, 10], results[0].ToArray<float>());
        Assert.Equal([8f, 14], results[1].ToArray<float>());

        async Task<Tensor[]> Call()
        {
            var f = Lazy.AssumePure((x, y) => (x * 2.0) + y);
            var theirs = await Task.Run(() => lazy.Tensor(1, 2) * 3);
            var mine = lazy.Tensor(1, 1) + 1;
            var first = f(mine, theirs);
            return [first, f(await Task.Run(() => theirs + 0), mine)];
        }
    }

    [Fact]
    public void InEagerModeItIsOneSegment()
    {
        using var eager = lazy.Device.Use(ExecutionMode.Eager);
        var f = Lazy.AssumePure(x => ((x * 2.0) + 1).Relu());
        Assert.Equal([3f, 5], f(lazy.Tensor(1, 2)).ToArray<float>());
        Assert.Equal(1, lazy.Compiles);
    }
}
