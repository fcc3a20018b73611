namespace LazyHost.Tests;

public sealed class StepScopeTests
{
    [Fact]
    public async Task DeviceMemoryIsExactlyFlatOverTwoThousandSteps()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(Tensor.Ones([20_000], lazy.Device));
        var seen = new HashSet<long>();
        for (var i = 0; i < 2_000; i++)
        {
            await using var step = lazy.Device.BeginStep();
            var big = Tensor.From(new float[20_000], [20_000], lazy.Device) + w;
            w.Assign(big * 0.5);
            _ = big * 3; // an unconsumed large result is given back with the step
            await step.CompleteAsync();
            if (i > 2) seen.Add(lazy.Device.MemoryUse.InUse);
        }
        Assert.Single(seen);
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task DeviceMemoryIsFlatWithAReadBeforeBackwardToo()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(Tensor.Ones([20_000], lazy.Device));
        var optimizer = new SGD([w], 1e-6);
        var seen = new HashSet<long>();
        for (var i = 0; i < 200; i++)
        {
            await using var step = lazy.Device.BeginStep();
            var loss = ((Tensor.From(new float[20_000], [20_000], lazy.Device) + w) * w).Mean();
            Assert.True(loss.Item() > 0.9f);
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            await step.CompleteAsync();
            if (i > 3) seen.Add(lazy.Device.MemoryUse.InUse);
        }
        Assert.Single(seen);
    }

    [Fact]
    public async Task WithMarkStepMemoryStaysWithinTheBudget()
    {
        const long Budget = 8 << 20;
        await using var lazy = new TestEngine(new() { MemoryBudget = Budget });
        var w = new Parameter(Tensor.Ones([20_000], lazy.Device));
        for (var i = 0; i < 500; i++)
        {
            var big = Tensor.From(new float[20_000], [20_000], lazy.Device) + w;
            w.Assign(big * 0.5);
            lazy.Device.MarkStep();
        }
        await lazy.Device.WaitDeviceOpsAsync();
        Assert.True(lazy.Device.MemoryUse.Peak <= Budget, $"{lazy.Device.MemoryUse.Peak}");
    }

    [Fact]
    public async Task DisposingWithoutCompletingPutsVariablesBack()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(1, 2));
        Tensor y;
        await using (lazy.Device.BeginStep())
        {
            w.Assign(w + 1);
            Assert.Equal(new[] { 2f, 3f }, w.ToArray<float>()); // even what has run already
            w.Assign(w + 1);
            y = w * 2;
        }
        Assert.Equal(new[] { 1f, 2f }, w.ToArray<float>());
        Assert.Throws<StepException>(() => y.ToArray<float>());
        Assert.Equal(new[] { 3f, 6f }, (w * 3).ToArray<float>());
    }

    [Fact]
    public async Task ADiscardedStepPutsBackWhetherGradientsFlow()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(1, 2));
        Tensor state = w * 3, plain = lazy.Tensor(5, 5);
        lazy.Device.MarkStep();
        await using (lazy.Device.BeginStep())
        {
            using (GradMode.NoGrad()) state.Assign(plain + 1);
            plain.Assign(w * 2);
        }
        Assert.False(plain.RequiresGrad);
        state.Sum().Backward();
        Assert.Equal([3f, 3], w.Grad!.ToArray<float>());
    }

    [Fact]
    public async Task SmallResultsAndKeptTensorsOutliveTheStepLargeOnesDoNot()
    {
        await using var lazy = new TestEngine();
        Tensor small, large, kept;
        await using (var step = lazy.Device.BeginStep())
        {
            var x = Tensor.From(new float[20_000], [20_000], lazy.Device) + 1;
            small = x.Sum();
            large = x * 2;
            kept = (x * 3).Keep();
            await step.CompleteAsync();
        }
        Assert.Equal(20_000f, small.Item());
        Assert.Equal(3f, kept.ToArray<float>()[7]);
        Assert.Contains("Keep()", Assert.Throws<ExpiredValueException>(() => large.ToArray<float>()).Message);
    }

    [Fact]
    public async Task StepsDoNotNestAndEndThemselves()
    {
        await using var lazy = new TestEngine();
        await using var step = lazy.Device.BeginStep();
        Assert.Throws<StepException>(() => lazy.Device.BeginStep());
        Assert.Throws<StepException>(() => lazy.Device.MarkStep());
        await step.CompleteAsync();
        await Assert.ThrowsAsync<StepException>(() => step.CompleteAsync());
    }
}
