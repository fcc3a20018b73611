using System.Diagnostics.Metrics;

namespace LazyHost.Tests;

/// <summary>What the end of a step or scope takes with it, puts back and leaves: values, gradients, closures, views, copies.</summary>
public sealed class ScopeEndTests
{
    private const int Large = 20_000; // more than 64 KiB as f32

    private static Tensor Big(TestEngine lazy, float value = 1) => Tensor.Full([Large], value, lazy.Device);

    [Fact]
    public async Task ADiscardedScopeHoldsNoOldValues()
    {
        await using var lazy = new TestEngine();
        var a = new Parameter(Big(lazy));
        async Task Round()
        {
            await using (var step = lazy.Device.BeginStep())
            {
                a.Assign(a + 1);
                _ = a.ToArray<float>();
            }
            for (var i = 0; i < 4; i++) { a.Assign(a + 1); lazy.Device.MarkStep(); }
        }
        await Round();
        var use = lazy.Device.MemoryUse.InUse;
        for (var i = 0; i < 5; i++) await Round();
        Assert.Equal(use, lazy.Device.MemoryUse.InUse);
    }

    [Fact]
    public async Task ADiscardAfterAFailureGoesBackToTheLastGoodValue()
    {
        var gate = new TaskCompletionSource();
        var count = 0;
        var backend = new FaultyBackend { OnExecute = _ => Interlocked.Increment(ref count) == 1 ? new InvalidOperationException("lost power") : null, ExecuteGate = gate.Task };
        await using var lazy = new TestEngine(new() { QueueDepth = 8 }, backend);
        var a = new Parameter(lazy.Tensor(1));
        a.Assign(a + 1);
        lazy.Device.MarkStep();
        await using (lazy.Device.BeginStep())
        {
            a.Assign(a + 1);
            gate.SetResult();
            await Assert.ThrowsAsync<ExecutionException>(() => lazy.Device.WaitDeviceOpsAsync());
        }
        Assert.Equal(1f, a.Item());
    }

    [Fact]
    public async Task MixedStepsAndScopesHoldNoOldValues()
    {
        await using var lazy = new TestEngine();
        var a = new Parameter(Big(lazy));
        async Task Round()
        {
            a.Assign(a + 1);
            lazy.Device.MarkStep();
            await using var step = lazy.Device.BeginStep();
            a.Assign(a + 1);
            await step.CompleteAsync();
        }
        await Round();
        var use = lazy.Device.MemoryUse.InUse;
        for (var i = 0; i < 5; i++) await Round();
        Assert.Equal(use, lazy.Device.MemoryUse.InUse);
    }

    [Fact]
    public async Task ClosuresRunOnceThoughAnAsyncMethodEndsTheStep()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1) + 1;
        var times = 0;
        lazy.Device.AddStepClosure(() => { times++; });
        Assert.Equal(2f, x.Item());
        await Step();
        lazy.Device.MarkStep();
        Assert.Equal(1, times);

        async Task Step()
        {
            await Task.Yield();
            _ = lazy.Tensor(1) + 3;
            lazy.Device.MarkStep();
        }
    }

    [Fact]
    public async Task ClosuresAddedBeforeAScopeAreNotDroppedWithIt()
    {
        await using var lazy = new TestEngine();
        var times = 0;
        _ = lazy.Tensor(1) + 1;
        lazy.Device.AddStepClosure(() => { times++; });
        await using (lazy.Device.BeginStep()) _ = lazy.Tensor(1) + 1;
        lazy.Device.MarkStep();
        Assert.Equal(1, times);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task ClosuresOfAScopeDrawOfTheNextStep(bool queued)
    {
        await using var lazy = queued ? new TestEngine(backend: new FaultyBackend()) : new TestEngine();
        ulong seed = 0;
        ulong before;
        await using (var step = lazy.Device.BeginStep())
        {
            before = lazy.Device.RunningSeed;
            _ = lazy.Tensor(1) + 1;
            lazy.Device.AddStepClosure(() => { seed = lazy.Device.RunningSeed; });
            await step.CompleteAsync();
        }
        Assert.NotEqual(before, seed);
        Assert.Equal(lazy.Device.RunningSeed, seed);
    }

    [Fact]
    public async Task ADiscardPutsGradientsBackToo()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(3));
        var h = Tensor.Ones([1], lazy.Device);
        h.Assign(h * w);
        lazy.Device.MarkStep();
        await using (lazy.Device.BeginStep())
        {
            using (GradMode.NoGrad()) h.Assign(h * 0);
        }
        Assert.True(h.RequiresGrad);
        (h * 2).Backward();
        Assert.Equal(2f, w.Grad!.Item());
        var plain = Tensor.Ones([1], lazy.Device);
        await using (lazy.Device.BeginStep()) plain.Assign(plain * w);
        Assert.False(plain.RequiresGrad);
    }

    [Fact]
    public async Task ACopyToAnotherEngineIsNoConcernOfAScopeOfThisOne()
    {
        await using var one = new TestEngine();
        await using var two = new TestEngine();
        Tensor moved;
        // on a device of the same index
        await using (var step = one.Device.BeginStep())
        {
            moved = (Big(one) + 1).To(two.Device);
            await step.CompleteAsync();
        }
        Assert.Equal(2f, moved.ToArray<float>()[0]);
    }

    [Fact]
    public async Task TensorsOfSeveralEnginesAreReadTogether()
    {
        await using var one = new TestEngine();
        await using var two = new TestEngine();
        var values = await Tensor.ToArraysAsync<float>([one.Tensor(1) + 1, two.Tensor(2) + 2]);
        Assert.Equal((2f, 4f), (values[0][0], values[1][0]));
        Assert.Equal((1, 1), (one.Compiles, two.Compiles));
    }

    [Fact]
    public async Task AListenerThatThrowsHarmsNoStep()
    {
        await using var lazy = new TestEngine(backend: new FaultyBackend());
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Name == "lazyhost.execute.time") l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => throw new InvalidOperationException("listener"));
        listener.Start();
        var y = lazy.Tensor(1) + 1;
        var read = y.ToArrayAsync<float>();
        Assert.Equal(2f, (await read.WaitAsync(TimeSpan.FromMinutes(1)))[0]);
    }

    [Fact]
    public async Task ABudgetThatHoldsAStepHoldsManyQueuedOnes()
    {
        await using var lazy = new TestEngine(new() { QueueDepth = 8, MemoryBudget = 5 * 4 * Large }, new FaultyBackend());
        var a = new Parameter(Big(lazy));
        for (var i = 0; i < 200; i++)
        {
            a.Assign(a + 1);
            lazy.Device.MarkStep();
        }
        Assert.Equal(201f, a.ToArray<float>()[0]);
    }

    [Fact]
    public async Task NothingIsDrawnForAnOperandThatHasExpired()
    {
        await using var lazy = new TestEngine();
        Tensor x;
        await using (var step = lazy.Device.BeginStep())
        {
            x = Big(lazy) + 1;
            await step.CompleteAsync();
        }
        lazy.Device.SetSeed(5);
        var first = Tensor.RandomUniform([4], lazy.Device).ToArray<float>();
        lazy.Device.SetSeed(5);
        Assert.Throws<ExpiredValueException>(() => x.Dropout(0.5));
        Assert.Equal(first, Tensor.RandomUniform([4], lazy.Device).ToArray<float>());
    }

    [Fact]
    public async Task AnAsynchronousClosureThatFailsIsToldAtLastWhenTheEngineStops()
    {
        var log = new LogList();
        await using (var engine = new LazyEngine(loggerFactory: log))
        {
            var device = engine.AddBackend(new LazyHost.Backends.Reference.ReferenceBackend(), "reference", "test")[0];
            _ = Tensor.Ones([1], device) + 1;
            device.AddStepClosure(_ => throw new InvalidOperationException("lost checkpoint"));
            device.MarkStep();
        }
        Assert.Contains(log.Lines, l => l.Text.Contains("lost checkpoint"));
    }

    [Fact]
    public async Task AViewReadInAScopeIsMadeAgainAfterIt()
    {
        await using var lazy = new TestEngine();
        var a = Tensor.Full([2, Large], 4, lazy.Device);
        var v = a.Slice(0, 1, 2);
        await using (var step = lazy.Device.BeginStep())
        {
            Assert.Equal(4f, v.ToArray<float>()[0]);
            await step.CompleteAsync();
        }
        Assert.Equal(4f, v.ToArray<float>()[0]);
        Assert.Equal(5f, (v + 1).ToArray<float>()[0]);
    }

    [Fact]
    public async Task AViewMadeAndReadInAScopeIsMadeAgainAfterIt()
    {
        await using var lazy = new TestEngine();
        var a = Tensor.Full([2, Large], 4, lazy.Device);
        Tensor v;
        await using (var step = lazy.Device.BeginStep())
        {
            v = a.Slice(0, 1, 2);
            Assert.Equal(4f, v.ToArray<float>()[0]);
            await step.CompleteAsync();
        }
        Assert.Equal(4f, v.ToArray<float>()[0]);
        var use = lazy.Device.MemoryUse.InUse;
        for (var i = 0; i < 5; i++)
            await using (var step = lazy.Device.BeginStep())
            {
                Assert.Equal(5f, (v + 1).ToArray<float>()[0]);
                Assert.Equal(4f, v.ToArray<float>()[0]);
                await step.CompleteAsync();
            }
        Assert.InRange(lazy.Device.MemoryUse.InUse, 0, use);
    }
}
