namespace LazyHost.Tests;

/// <summary>Reads in the middle of a step: what is computed with them, how often, and what is left alone.</summary>
public sealed class EarlyReadTests
{
    [Fact]
    public async Task AReadComputesWhatIsAliveInOneSegment()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        var first = x.Sum();
        var second = x.Prod();
        var other = x * 3;
        Assert.Equal(3f, first.Item());
        Assert.True(second.IsSubmitted && other.IsSubmitted);
        Assert.Equal(2f, second.Item());
        Assert.Equal([3f, 6], other.ToArray<float>());
        Assert.Equal((1, 0), (lazy.Compiles, lazy.Hits)); // one segment for all three
        Assert.Equal(3, lazy.Engine.Metrics.SyncedTensorsWithIR.Total);
        Assert.Equal(0, lazy.Device.Steps);
    }

    [Fact]
    public async Task AValueReadBeforeIsReadAgainWithoutARun()
    {
        await using var lazy = new TestEngine();
        var y = lazy.Tensor(1, 2) + 1;
        _ = y.ToArray<float>();
        var runs = lazy.Engine.Metrics.ExecuteTime.Count;
        lazy.Device.MarkStep();
        for (var i = 0; i < 3; i++) Assert.Equal(3f, y[1].Item() + (i * 0));
        _ = y.ToArray<float>();
        Assert.Equal(runs + 3, lazy.Engine.Metrics.ExecuteTime.Count); // only the views, which are copies of elements
    }

    [Fact]
    public async Task AReadInTheMiddleChangesNoResult()
    {
        static async Task<float[]> RunAsync(int readAt)
        {
            await using var lazy = new TestEngine();
            var (w, x) = (new Parameter(lazy.Tensor(1, -1)), lazy.Tensor(2, 3));
            var steps = new Func<Tensor, Tensor>[] { t => t * w, t => t.Tanh(), t => t + Tensor.RandomUniform([2], lazy.Device), t => t[..].MulInPlace(2), t => t.Square() };
            for (var i = 0; i < steps.Length; i++)
            {
                x = steps[i](x);
                if (i == readAt) _ = x.ToArray<float>();
            }
            var loss = x.Sum();
            if (readAt == 5) _ = loss.Item();
            loss.Backward();
            return [loss.Item(), .. w.Grad!.ToArray<float>()];
        }
        var expected = await RunAsync(-1);
        for (var at = 0; at <= 5; at++) Assert.Equal(expected, await RunAsync(at));
    }
}
