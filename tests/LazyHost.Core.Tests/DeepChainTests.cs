using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>Chains of operations, writes and views in one segment: nothing recurses along them.</summary>
public sealed class DeepChainTests
{
    private const int Length = 200_000;

    private static TestEngine Engine() => new(new() { SegmentNodeLimit = int.MaxValue }, new SimdBackend(new SimdSettings(2)));

    [Fact]
    public async Task AChainIsRecordedReadInTheMiddleAndRun()
    {
        await using var lazy = Engine();
        var one = lazy.Tensor(1);
        var x = lazy.Tensor(0);
        Tensor? middle = null;
        for (var i = 1; i <= Length; i++)
        {
            x += one;
            if (i == Length / 2) middle = x;
        }
        lazy.Device.MarkStep();
        Assert.Equal(Length, x.Item());
        Assert.Equal(Length / 2, middle!.Item()); // no root: computed again
        Assert.Equal((2, 0, 1), (lazy.Programs, lazy.Hits, lazy.Engine.Metrics.Recomputed.Total));
    }

    [Fact]
    public async Task WritesThroughViewsAreAChain()
    {
        await using var lazy = new TestEngine(new() { SegmentNodeLimit = int.MaxValue });
        var x = Tensor.Zeros([2], lazy.Device);
        for (var i = 0; i < 4_000; i++) x[i % 2].AddInPlace(1);
        Assert.Equal([2_000f, 2_000], x.ToArray<float>());
    }

    [Fact]
    public async Task ViewsOfViewsAreAChain()
    {
        await using var lazy = Engine();
        var x = Tensor.Zeros([2], lazy.Device);
        var view = x;
        for (var i = 0; i < 2_000; i++) view = view.Reshape(i % 2 == 0 ? [1, 2] : [2]);
        view[0].AddInPlace(5);
        Assert.True(view.IsAliasOf(x));
        Assert.Equal([5f, 0], x.ToArray<float>());
        Assert.Equal([5f, 0], view.ToArray<float>());
    }

    [Fact]
    public async Task AChainThatIsDroppedIsNeverRun()
    {
        await using var lazy = Engine();
        var variable = new Parameter(lazy.Tensor(3));
        await using (lazy.Device.BeginStep())
            for (var i = 0; i < Length; i++) variable.Assign(variable + 1);
        GC.Collect();
        Assert.Equal((3f, 0), (variable.Item(), lazy.Compiles));
    }
}
