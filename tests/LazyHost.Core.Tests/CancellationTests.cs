namespace LazyHost.Tests;

/// <summary>A token that is cancelled before the call changes nothing, also where there would be nothing to wait for: the program is in the cache.</summary>
public sealed class CancellationTests
{
    private static readonly CancellationToken cancelled = new(true);

    /// <summary>An engine that has run <c>w = w + 1</c> once, in a step and in a scope, and has recorded it again.</summary>
    private static (TestEngine Lazy, Parameter Weight) Recorded()
    {
        var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(1));
        w.Assign(w + 1);
        lazy.Device.MarkStep();
        w.Assign(w + 1);
        return (lazy, w);
    }

    [Fact]
    public async Task MarkStepCanBeCalledAgain()
    {
        var (lazy, w) = Recorded();
        await using var _ = lazy;
        var (seed, closures) = (lazy.Device.RunningSeed, 0);
        lazy.Device.AddStepClosure(() => closures++);
        Assert.Throws<OperationCanceledException>(() => lazy.Device.MarkStep(cancelled));
        Assert.Equal((false, 1, seed, 0), (w.IsSubmitted, lazy.Device.Steps, lazy.Device.RunningSeed, closures));
        lazy.Device.MarkStep();
        Assert.Equal((3f, 2, 1), (w.Item(), lazy.Device.Steps, closures));
    }

    [Fact]
    public async Task BeginStepBeginsNone()
    {
        var (lazy, w) = Recorded();
        await using var _ = lazy;
        Assert.Throws<OperationCanceledException>(() => lazy.Device.BeginStep(cancelled));
        Assert.False(w.IsSubmitted);
        await using var step = lazy.Device.BeginStep();
        w.Assign(w + 1);
        await step.CompleteAsync();
        Assert.Equal(4f, w.Item());
    }

    [Fact]
    public async Task AScopeThatIsNotCompletedIsStillOpen()
    {
        var (lazy, w) = Recorded();
        await using var _ = lazy;
        await using (var step = lazy.Device.BeginStep())
        {
            w.Assign(w + 1);
            await Assert.ThrowsAsync<OperationCanceledException>(() => step.CompleteAsync(cancelled));
            Assert.False(w.IsSubmitted);
            w.Assign(w + 1);
            await step.CompleteAsync();
        }
        Assert.Equal(5f, w.Item());
    }

    [Fact]
    public async Task ARegionDoesNotBegin()
    {
        var (lazy, w) = Recorded();
        await using var _ = lazy;
        Assert.Throws<OperationCanceledException>(() => lazy.Device.Compiled(() => w.Assign(w * 0), cancelled));
        Assert.False(w.IsSubmitted);
        lazy.Device.Compiled(() => w.Assign(w * 2));
        Assert.Equal(6f, w.Item());
    }

    [Fact]
    public async Task NoSegmentIsClosed()
    {
        var (lazy, w) = Recorded();
        await using var _ = lazy;
        Assert.Throws<OperationCanceledException>(() => lazy.Device.SyncLiveTensors(cancelled));
        Assert.Throws<OperationCanceledException>(() => lazy.Device.SyncTensors([w], cancelled));
        await Assert.ThrowsAsync<OperationCanceledException>(() => w.ToArrayAsync<float>(cancelled));
        Assert.False(w.IsSubmitted);
        Assert.Equal(3f, w.Item());
    }
}
