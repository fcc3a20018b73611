using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>Loops as part of a program.</summary>
public sealed class LoopTests : IAsyncDisposable
{
    private readonly TestEngine lazy = new(null, new SimdBackend(new SimdSettings { Threads = 1 }));

    public ValueTask DisposeAsync() => lazy.DisposeAsync();

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void AForLoopGivesWhatItsTurnsGive(int count)
    {
        var (a, b, w) = (lazy.Tensor(1, 2), lazy.Tensor(0, 1) * 2, lazy.Tensor(3, 5));
        var (x, y) = (a, b);
        for (var i = 0; i < count; i++) (x, y) = (y + (w * 0.5) + i, x * 0.25);
        var results = Loop.For(count, [a, b], (i, c) => [c[1] + (w * 0.5) + i.To(DType.Float32), c[0] * 0.25]);
        Assert.Equal(x.ToArray<float>(), results[0].ToArray<float>());
        Assert.Equal(y.ToArray<float>(), results[1].ToArray<float>());
        Assert.Equal((x + y).ToArray<float>(), (results[0] + results[1]).ToArray<float>());
    }

    [Fact]
    public void AGrowingNumberOfTurnsCompilesOnce()
    {
        var x = lazy.Tensor(1, 2);
        for (var n = 1; n <= 30; n++)
        {
            var y = Loop.For(n, [x], (_, c) => [c[0] + (1.0 / n)])[0];
            Assert.Equal(2f, y.ToArray<float>()[0], 1e-5f);
        }
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public void TheNumberOfTurnsMayBeATensor()
    {
        var n = Tensor.Scalar(3L, lazy.Device) + 1;
        Assert.Equal([5f, 6], Loop.For(n, [lazy.Tensor(1, 2)], (_, c) => [c[0] + 1])[0].ToArray<float>());
        Assert.Throws<ShapeMismatchException>(() => Loop.For(lazy.Tensor(3), [n], (_, c) => c));
    }

    [Fact]
    public void AWhileLoopEndsWhenItsConditionDoes()
    {
        var limit = lazy.Tensor(100);
        foreach (var (start, expected) in new[] { (1f, 128f), (3f, 192f), (200f, 200f) })
            Assert.Equal(expected, Loop.While([lazy.Tensor(start)], c => c[0].Lt(limit), c => [c[0] * 2])[0].Item());
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public void NewtonsMethodFindsTheRoot()
    {
        var roots = Loop.While([lazy.Tensor(2, 9, 1e4f), lazy.Tensor(2, 9, 1e4f)], c => ((c[0] * c[0]) - c[1]).Abs().Gt(c[1] * 1e-5).To(DType.Float32).Sum(0).Gt(0.0), c => [(c[0] + (c[1] / c[0])) * 0.5, c[1]])[0];
        foreach (var (root, expected) in roots.ToArray<float>().Zip([MathF.Sqrt(2), 3f, 100f])) Assert.Equal(expected, root, 2e-3f);
    }

    [Fact]
    public void ValuesMayBeSwappedDuplicatedOrPassedOn()
    {
        var results = Loop.For(3, [lazy.Tensor(1), lazy.Tensor(2), lazy.Tensor(3)], (_, c) => [c[1], c[0], c[2]]);
        Assert.Equal([2f, 1, 3], results.Select(r => r.Item()));
        results = Loop.For(2, [lazy.Tensor(1), lazy.Tensor(2)], (_, c) =>
        {
            var sum = c[0] + c[1];
            return [sum, sum];
        });
        Assert.Equal([6f, 6], results.Select(r => r.Item()));
    }

    [Fact]
    public void LoopsMayBeInLoopsAndInCapturedFunctions()
    {
        var f = Lazy.Compile((Tensor[] xs, Scalar[] s) => Loop.For(s[0], xs, (i, c) => [Loop.For(i + 1, [c[0]], (_, d) => [d[0] + xs[0]])[0]]));
        Assert.Equal(2f * (1 + 1 + 2 + 3), f.Run([lazy.Tensor(2)], [3.0])[0].Item());
        Assert.Equal(2f * (1 + 1), f.Run([lazy.Tensor(2)], [1.0])[0].Item());
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public void GradientsFlowWhereTheNumberOfTurnsIsKnown()
    {
        var w = new Parameter(lazy.Tensor(2, 3));
        var loss = Loop.For(3, [lazy.Tensor(1, 1)], (_, c) => [c[0] * w])[0].Sum();
        loss.Backward();
        Assert.Equal([12f, 27], w.Grad!.ToArray<float>());
        Assert.Throws<GradientException>(() => Loop.For(Tensor.Scalar(3L, lazy.Device), [lazy.Tensor(1, 1)], (_, c) => [c[0] * w]));
        Assert.Throws<GradientException>(() => Loop.While([lazy.Tensor(1)], c => c[0].Lt(3.0), c => [c[0] * w.Sum()]));
        using (GradMode.NoGrad()) Assert.Equal([8f, 27], Loop.For(Tensor.Scalar(3L, lazy.Device), [lazy.Tensor(1, 1)], (_, c) => [c[0] * w])[0].ToArray<float>());
    }

    [Fact]
    public void BodiesThatCannotBeTurnsAreRefusedAndLeaveEverythingAsItWas()
    {
        var state = lazy.Tensor(1, 2);
        Assert.Throws<CaptureException>(() => Loop.For(2, [lazy.Tensor(1, 1)], (_, c) => [state.Assign(c[0])]));
        Assert.Equal([1f, 2], state.ToArray<float>());
        Assert.Throws<ShapeMismatchException>(() => Loop.For(2, [state], (_, c) => [c[0].Sum(0)]));
        Assert.Throws<ShapeMismatchException>(() => Loop.For(2, [state], (_, c) => []));
        Assert.Throws<CaptureException>(() => Loop.For(2, [state], (_, c) => [c[0].Dropout(0.5)]));
        Assert.Throws<DTypeMismatchException>(() => Loop.While([state], c => c[0].Sum(), c => c));
        Assert.Contains("LoopTests.cs", Assert.Throws<StepException>(() => Loop.For(2, [state], (_, c) => [c[0] + c[0].Sum().Item()])).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidAttributeException>(() => Loop.For(2, [], (_, c) => c));
        Assert.Equal([2f, 4], (state * 2).ToArray<float>());
    }

    [Fact]
    public void ManyValuesMayBeCarried()
    {
        var carried = Enumerable.Range(0, 9).Select(i => lazy.Tensor(i)).ToArray();
        var results = Loop.For(2, carried, (_, c) => [.. c.Skip(1), c[0]]);
        Assert.Equal(Enumerable.Range(0, 9).Select(i => (float)((i + 2) % 9)), results.Select(r => r.Item()));
    }

    [Fact]
    public async Task ItGivesItsMemoryBack()
    {
        var x = Tensor.From(new float[100_000], [100_000], lazy.Device);
        await lazy.Device.WaitDeviceOpsAsync();
        for (var i = 0; i < 5; i++)
        {
            await using var step = lazy.Device.BeginStep();
            var y = Loop.For(4, [x], (_, c) => [c[0] + 1])[0].Sum();
            await step.CompleteAsync();
            Assert.Equal(400_000f, y.Item());
            Assert.InRange(lazy.Device.MemoryUse.InUse, 400_000, 500_000);
        }
    }
}
