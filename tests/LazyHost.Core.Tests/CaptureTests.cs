using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>Captured functions: recorded and compiled once, replayed with other arguments.</summary>
public sealed class CaptureTests : IAsyncDisposable
{
    private readonly TestEngine lazy = new(null, new SimdBackend(new SimdSettings { Threads = 1 }));

    public ValueTask DisposeAsync() => lazy.DisposeAsync();

    [Fact]
    public void ItIsRecordedOnceAndReplayedWithOtherArguments()
    {
        var calls = 0;
        var f = Lazy.Compile(x =>
        {
            calls++;
            return (x * 2.0).Relu();
        });
        Assert.Equal([0f, 4], f.Run(lazy.Tensor(-1, 2)).ToArray<float>());
        Assert.Equal([6f, 0], f.Run(lazy.Tensor(3, -2)).ToArray<float>());
        Assert.Equal(1, calls);
        Assert.Equal(1, lazy.Compiles);
        Assert.Equal(2, lazy.Engine.Metrics.CapturedRuns.Total);
    }

    [Fact]
    public void ArgumentsMayBeRecordedOnlyOrViewsOrOneTensorTwice()
    {
        var f = Lazy.Compile((a, b) => (a * 2.0) + b);
        var x = lazy.Tensor(1, 2, 3, 4);
        Assert.Equal([2f, 4, 6, 8], f.Run(x, x - x).ToArray<float>());
        Assert.Equal([6f, 10], f.Run(x[1..3], x[1..3] + 0).ToArray<float>().Select((v, i) => v + (i == 0 ? 0 : 1)).ToArray());
        Assert.Equal([3f, 6, 9, 12], f.Run(x, x).ToArray<float>());
    }

    [Fact]
    public void AViewFromOutsideMayStandBesideATensorThatIsUsedFirst()
    {
        var (w, other) = (lazy.Tensor(2, 3), lazy.Tensor(5, 7));
        var view = other[..1];
        var f = Lazy.Compile(x => (w * view) + (w * 10.0) + x);
        Assert.Equal([31f, 46], f.Run(lazy.Tensor(1, 1)).ToArray<float>());
        other.Assign(lazy.Tensor(0, 0));
        Assert.Equal([21f, 31], f.Run(lazy.Tensor(1, 1)).ToArray<float>());
    }

    [Fact]
    public void ResultsOfEarlierRunsNeverChange()
    {
        var f = Lazy.Compile(x => x + 1);
        var results = Enumerable.Range(0, 20).Select(i => f.Run(lazy.Tensor(i, i))).ToArray();
        for (var i = 0; i < results.Length; i++) Assert.Equal([i + 1f, i + 1], results[i].ToArray<float>());
    }

    [Fact]
    public void ShiftingInPlaceOverManyRunsGivesWhatEagerGives()
    {
        var f = Lazy.Compile((Tensor[] xs) => [Tensor.Concat(0, xs[0][1..], xs[0][..1]) + xs[1]]);
        foreach (var n in new[] { 3, 40_000 })
        {
            var state = Tensor.From(Enumerable.Range(0, n).Select(i => (float)i).ToArray(), [n], lazy.Device);
            var expected = state.ToArray<float>();
            for (var i = 0; i < 20; i++)
            {
                f.Run([state, state], [state]);
                expected = [.. expected.Select((v, at) => expected[(at + 1) % n] + v)];
            }
            Assert.Equal(expected, state.ToArray<float>());
        }
    }

    [Fact]
    public void TensorsItReachesAreTakenByReference()
    {
        var w = lazy.Tensor(1, 2);
        var f = Lazy.Compile(x => x * w);
        Assert.Equal([3f, 6], f.Run(lazy.Tensor(3, 3)).ToArray<float>());
        w.Assign(w + 10);
        Assert.Equal([33f, 36], f.Run(lazy.Tensor(3, 3)).ToArray<float>());
        w.Fill(0.5);
        Assert.Equal([1.5f, 1.5f], f.Run(lazy.Tensor(3, 3)).ToArray<float>());
    }

    [Fact]
    public void ViewsItReachesFollowWhatTheyShow()
    {
        var w = lazy.Tensor(1, 2, 3, 4);
        var tail = w[2..];
        Assert.Equal([3f, 4], tail.ToArray<float>());
        var f = Lazy.Compile(x => x + tail);
        Assert.Equal([4f, 5], f.Run(lazy.Tensor(1, 1)).ToArray<float>());
        w.Assign(w * 10);
        Assert.Equal([31f, 41], f.Run(lazy.Tensor(1, 1)).ToArray<float>());
        Assert.Equal([30f, 40], tail.ToArray<float>());
    }

    [Fact]
    public void AssigningThroughAViewWritesWhatItShows()
    {
        var state = lazy.Tensor(1, 2, 3);
        var f = Lazy.Compile(x =>
        {
            state[1..].Assign(x);
            return x + 0;
        });
        f.Run(lazy.Tensor(7, 8));
        Assert.Equal([1f, 7, 8], state.ToArray<float>());
        f.Run(lazy.Tensor(5, 4));
        Assert.Equal([1f, 5, 4], state.ToArray<float>());
    }

    [Fact]
    public void ArgumentsItAssignsToAreWritten()
    {
        var f = Lazy.Compile((a, b) =>
        {
            a.AddInPlace(b);
            return a * 2.0;
        });
        var (x, y) = (lazy.Tensor(1, 2), lazy.Tensor(10, 20));
        Assert.Equal([22f, 44], f.Run(x, y).ToArray<float>());
        Assert.Equal([42f, 84], f.Run(x, y).ToArray<float>());
        Assert.Equal([21f, 42], x.ToArray<float>());
        var whole = lazy.Tensor(1, 2, 3, 4);
        f.Run(whole[..2], y);
        Assert.Equal([11f, 22, 3, 4], whole.ToArray<float>());
        Assert.Throws<CaptureException>(() => f.Run(whole[..2], whole[2..]));
    }

    [Fact]
    public void ResultsMayBeDuplicatesArgumentsOrTensorsItReaches()
    {
        var w = lazy.Tensor(5, 6);
        var f = Lazy.Compile((Tensor[] xs) =>
        {
            var y = xs[0] + 1;
            return [y, y, xs[0], w];
        });
        var results = f.Run(lazy.Tensor(1, 2));
        Assert.Equal([[2, 3], [2, 3], [1, 2], [5, 6]], results.Select(r => r.ToArray<float>()).ToArray());
        w.Assign(w + 1);
        Assert.Equal([5f, 6], results[3].ToArray<float>());
        results[0].Assign(results[0] * 0);
        Assert.Equal([2f, 3], results[1].ToArray<float>());
    }

    [Fact]
    public void OtherShapesAreCapturedAnew()
    {
        var f = Lazy.Compile(x => x.Sum(0));
        Assert.Equal(3f, f.Run(lazy.Tensor(1, 2)).Item());
        Assert.Equal(6f, f.Run(lazy.Tensor(1, 2, 3)).Item());
        Assert.Equal(4f, f.Run(lazy.Tensor(2, 2)).Item());
        Assert.Equal(2, f.Programs);
        Assert.Equal(2, lazy.Compiles);
    }

    [Fact]
    public void RunsIntoTensorsOfTheCallerKeepTheirBuffers()
    {
        var f = Lazy.Compile((Tensor[] xs) => [xs[0] + 1, xs[0] * 2]);
        var (y, z) = (lazy.Tensor(0, 0), lazy.Tensor(0, 0));
        f.Run([lazy.Tensor(1, 2)], [y, z]);
        var view = y[1..];
        Assert.Equal([3f], view.ToArray<float>());
        f.Run([lazy.Tensor(5, 6)], [y, z]);
        Assert.Equal([6f, 7], y.ToArray<float>());
        Assert.Equal([10f, 12], z.ToArray<float>());
        Assert.Equal([7f], view.ToArray<float>());
    }

    [Fact]
    public void WhatWasComputedFromAnOutputKeepsItsValueWhenItIsWrittenOver()
    {
        var f = Lazy.Compile(x => x + 1);
        var y = lazy.Tensor(0, 0);
        f.Run([lazy.Tensor(1, 2)], [y]);
        var doubled = y * 2;
        var state = lazy.Tensor(0, 0);
        state.Assign(y);
        f.Run([lazy.Tensor(10, 20)], [y]);
        Assert.Equal([4f, 6], doubled.ToArray<float>());
        Assert.Equal([2f, 3], state.ToArray<float>());
        Assert.Equal([11f, 21], y.ToArray<float>());
    }

    [Fact]
    public void OutputsThatDoNotFitAreRefusedBeforeAnythingRuns()
    {
        var f = Lazy.Compile(x => x + 1);
        var x = lazy.Tensor(1, 2);
        Assert.Contains("output 0", Assert.Throws<ShapeMismatchException>(() => f.Run([x], [lazy.Tensor(0)])).Message, StringComparison.Ordinal);
        Assert.Throws<CaptureException>(() => f.Run([x], [x, x]));
        Assert.Throws<CaptureException>(() => f.Run([x], [lazy.Tensor(1, 2, 3)[..2]]));
        Assert.Throws<CaptureException>(() => f.Run(x, x));
        var two = Lazy.Compile((Tensor[] xs) => [xs[0] + 1, xs[0] + 2]);
        Assert.Throws<CaptureException>(() => two.Run([x], [x, x]));
        Assert.Equal(0, lazy.Engine.Metrics.CapturedRuns.Total);
        Assert.Equal([1f, 2], x.ToArray<float>());
    }

    [Fact]
    public void ThingsThatCannotBeCapturedAreRefusedWithTheirPlace()
    {
        var x = lazy.Tensor(1, 2);
        Assert.Contains("CaptureTests.cs", Assert.Throws<StepException>(() => Lazy.Compile((Tensor t) => t * t.Sum().Item()).Run(x)).Message, StringComparison.Ordinal);
        Assert.Throws<StepException>(() => Lazy.Compile((Tensor t) =>
        {
            lazy.Device.MarkStep();
            return t;
        }).Run(x));
        Assert.Throws<CaptureException>(() => Lazy.Compile((Tensor t) =>
        {
            lazy.Device.AddStepClosure(() => { });
            return t;
        }).Run(x));
        Assert.Throws<CaptureException>(() => Lazy.Compile((Tensor t) => (Tensor)null!).Run(x));
        Assert.Throws<CaptureException>(() => Lazy.Compile((Tensor[] _) => []).Run(x));
        var w = new Parameter(lazy.Tensor(1, 2));
        Assert.Throws<GradientException>(() => Lazy.Compile((Tensor t) => t + 1).Run(w));
        var optimizer = new SGD([w]);
        Assert.Throws<CaptureException>(() => Lazy.Compile((Tensor t) =>
        {
            (t * w).Sum().Backward();
            optimizer.Step();
            return t;
        }).Run(x));
        Assert.Null(w.Grad);
        Assert.Equal([2f, 3], (x + 1).ToArray<float>());
    }

    [Fact]
    public void AFunctionThatThrowsLeavesEverythingAsItWas()
    {
        var state = lazy.Tensor(1, 2);
        var f = Lazy.Compile(t =>
        {
            state.Assign(t * 100);
            throw new InvalidTimeZoneException();
        });
        Assert.Throws<InvalidTimeZoneException>(() => f.Run(lazy.Tensor(1, 2)));
        Assert.Equal([1f, 2], state.ToArray<float>());
        Assert.Equal(0, f.Programs);
    }

    [Fact]
    public void CapturingDoesNotDisturbWhatIsRecordedAround()
    {
        var state = lazy.Tensor(1, 2);
        var x = lazy.Tensor(3, 4);
        var pending = state * 2;
        state.Assign(pending + x);
        var f = Lazy.Compile(t => t + state);
        Assert.Equal([6f, 10], f.Run(lazy.Tensor(1, 2)).ToArray<float>());
        Assert.Equal([5f, 8], state.ToArray<float>());
    }

    [Fact]
    public void ACapturedFunctionInAnotherIsPartOfIt()
    {
        var inner = Lazy.Compile(t => t * 2.0);
        var outer = Lazy.Compile(t => inner.Run(t) + 1);
        Assert.Equal([3f, 5], outer.Run(lazy.Tensor(1, 2)).ToArray<float>());
        Assert.Equal(0, inner.Programs);
    }

    [Fact]
    public void WarmingUpCompilesBeforeTheFirstRun()
    {
        var f = Lazy.Compile(t => t + 1);
        f.Warmup(lazy.Device, [lazy.Tensor(1, 2).Type]);
        Assert.Equal(1, lazy.Compiles);
        Assert.Equal([2f, 3], f.Run(lazy.Tensor(1, 2)).ToArray<float>());
        Assert.Equal((1, 1), (f.Programs, (int)lazy.Compiles));
    }

    [Fact]
    public async Task ManyThreadsReplayOneFunctionAtOnce()
    {
        var w = lazy.Tensor(1, 2, 3);
        var f = Lazy.Compile((Tensor[] xs, Scalar[] s) => [(xs[0] * w) + s[0]]);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(thread => Task.Run(() =>
        {
            var mine = lazy.Tensor(0, 0, 0);
            for (var i = 0; i < 200; i++)
            {
                var x = lazy.Tensor(thread, i, 1);
                if (i % 2 == 0) Assert.Equal([thread + i, (2f * i) + i, 3 + i], f.Run([x], [(double)i])[0].ToArray<float>());
                else
                {
                    f.Run([x], [mine], [i]);
                    Assert.Equal([thread + i, (2f * i) + i, 3 + i], mine.ToArray<float>());
                }
            }
        })));
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task ManyThreadsWriteOneVariableInTurns()
    {
        var total = lazy.Tensor(0);
        var f = Lazy.Compile(x =>
        {
            total.Assign(total + x);
            return total * 1;
        });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 50; i++) f.Run(lazy.Tensor(1));
        })));
        Assert.Equal([400f], total.ToArray<float>());
    }
}
