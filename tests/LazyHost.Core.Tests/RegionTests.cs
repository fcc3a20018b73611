namespace LazyHost.Tests;

/// <summary>What regions, eager scopes and policies do to each other.</summary>
public sealed class RegionTests
{
    [Fact]
    public async Task AReadOfWhatIsThereInARegionLeavesTheFlowAsItWas()
    {
        await using var lazy = new TestEngine();
        var s = lazy.Tensor(5) * 1;
        lazy.Device.MarkStep();
        Tensor? y = null;
        lazy.Device.Compiled(() =>
        {
            var f = s.Item();
            y = lazy.Tensor(1) * f;
        });
        Assert.True(y!.IsSubmitted);
        Assert.Equal(5f, y!.Item());
        Assert.Equal(6f, (y + 1).Item());
    }

    [Fact]
    public async Task NothingCutsARegionInTwo()
    {
        await using var lazy = new TestEngine();
        Assert.Throws<StepException>(() => lazy.Device.Compiled(() => { var y = lazy.Tensor(1) + 1; lazy.Device.SyncTensors([y]); }));
        lazy.Device.MarkStep();
        Assert.Throws<StepException>(() => lazy.Device.Compiled(() => { var y = lazy.Tensor(1) + 1; lazy.Device.SyncLiveTensors(); }));
        lazy.Device.MarkStep();
        Assert.Throws<StepException>(() => lazy.Device.Compiled(() => { var y = lazy.Tensor(1) + 1; Tensor.ToArraysAsync<float>([y]).GetAwaiter().GetResult(); }));
    }

    [Fact]
    public async Task NoScopeOfEagerModeCutsARegion()
    {
        await using var lazy = new TestEngine();
        var before = lazy.Compiles + lazy.Hits;
        lazy.Device.Compiled(() => { using (lazy.Device.Use(ExecutionMode.Eager)) { var y = lazy.Tensor(1) + 1; y = y * 2; y = y + 3; } });
        Assert.Equal(before + 1, lazy.Compiles + lazy.Hits);
    }

    [Fact]
    public async Task APolicyHoldsForReadsOfSeveral()
    {
        await using var lazy = new TestEngine();
        var y = lazy.Tensor(1) + 1;
        using (lazy.Device.Use(SyncPolicy.Throw))
            await Assert.ThrowsAsync<StepException>(() => Tensor.ToArraysAsync<float>([y]));
    }

    [Fact]
    public async Task APolicyHoldsForViewsThatMustBeMadeAnew()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        var v = x.Slice(0, 0, 1);
        Assert.Equal(1f, v.Item());
        x.Assign(x + 1);
        Assert.False(v.IsSubmitted);
        using (lazy.Device.Use(SyncPolicy.Throw)) Assert.Throws<StepException>(() => v.Item());
    }
}
