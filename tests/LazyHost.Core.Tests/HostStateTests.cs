namespace LazyHost.Tests;

/// <summary>Numbers of the host go back with the step that changed them: the step counts of optimizers, and the draws of generators.</summary>
public sealed class HostStateTests
{
    private static void Train(Adam adam, Parameter w)
    {
        adam.ZeroGrad();
        (w * w).Sum().Backward();
        adam.Step();
    }

    /// <summary>The parameter after so many steps of which none fails.</summary>
    private static async Task<float[]> TrainedAsync(int steps)
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(1, -2));
        var adam = new Adam([w], 0.1);
        for (var i = 0; i < steps; i++)
        {
            Train(adam, w);
            lazy.Device.MarkStep();
        }
        return w.ToArray<float>();
    }

    [Fact]
    public async Task ADiscardedStepCountsForNothing()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(1, -2));
        var adam = new Adam([w], 0.1);
        for (var i = 0; i < 6; i++)
        {
            await using var step = lazy.Device.BeginStep();
            Train(adam, w);
            if (i % 3 == 1) _ = w.ToArray<float>(); // some of it has run
            if (i % 2 == 0) await step.CompleteAsync();
        }
        Assert.Equal(await TrainedAsync(3), w.ToArray<float>());
    }

    [Fact]
    public async Task AFailedStepAndThoseAfterItCountForNothing()
    {
        var failing = false;
        var gate = new TaskCompletionSource();
        gate.SetResult();
        var backend = new FaultyBackend { OnExecute = _ => failing ? new InvalidOperationException("lost power") : null };
        await using var lazy = new TestEngine(new() { QueueDepth = 8 }, backend);
        var w = new Parameter(lazy.Tensor(1, -2));
        var adam = new Adam([w], 0.1);
        Step();
        await lazy.Device.WaitDeviceOpsAsync();
        failing = true;
        backend.ExecuteGate = (gate = new()).Task;
        Step();
        Step(); // under way before the first of them has failed
        gate.SetResult();
        await Assert.ThrowsAsync<ExecutionException>(() => lazy.Device.WaitDeviceOpsAsync());
        failing = false;
        Step();
        Assert.Equal(await TrainedAsync(2), w.ToArray<float>());

        void Step()
        {
            Train(adam, w);
            lazy.Device.MarkStep();
        }
    }

    [Fact]
    public async Task AStepThatCannotBeCompiledCountsForNothing()
    {
        var backend = new FaultyBackend();
        await using var lazy = new TestEngine(backend: backend);
        var w = new Parameter(lazy.Tensor(1, -2));
        var adam = new Adam([w], 0.1);
        backend.OnCompile = static (_, _) => new InvalidOperationException("no luck");
        Train(adam, w);
        Assert.Throws<CompilationException>(() => lazy.Device.MarkStep());
        backend.OnCompile = static (_, _) => null;
        Train(adam, w);
        lazy.Device.MarkStep();
        Assert.Equal(await TrainedAsync(1), w.ToArray<float>());
    }

    [Fact]
    public async Task ADiscardedStepGivesItsDrawsBack()
    {
        await using var lazy = new TestEngine();
        var generator = new Generator(7);
        float[] first;
        await using (lazy.Device.BeginStep())
        {
            first = Draw().ToArray<float>();
            _ = Draw();
            // A segment of views alone computes nothing; what it drew before it is undone all the same.
            _ = Draw().Reshape([2, 2]);
        }
        Assert.Equal(0ul, generator.Draws);
        Assert.Equal(first, Draw().ToArray<float>());
        lazy.Device.MarkStep();
        Assert.Equal(1ul, generator.Draws);

        Tensor Draw() => Tensor.RandomUniform([4], lazy.Device, generator: generator);
    }

    [Fact]
    public async Task FailedStepsGiveTheirDrawsBackAlsoThoseBeforeARead()
    {
        var runs = 0;
        var gate = new TaskCompletionSource();
        var backend = new FaultyBackend { OnExecute = _ => Interlocked.Increment(ref runs) == 2 ? new InvalidOperationException("lost power") : null };
        await using var lazy = new TestEngine(new() { QueueDepth = 8 }, backend);
        var generator = new Generator(7);
        var w = new Parameter(lazy.Tensor(0, 0, 0, 0));
        var first = Draw().ToArray<float>(); // run 1, of the step that fails
        backend.ExecuteGate = gate.Task;
        w.Assign(w + Draw());
        lazy.Device.MarkStep();
        w.Assign(w + Draw());
        lazy.Device.MarkStep();
        Assert.Equal(3ul, generator.Draws);
        gate.SetResult();
        await Assert.ThrowsAsync<ExecutionException>(() => lazy.Device.WaitDeviceOpsAsync());
        Assert.Equal(0ul, generator.Draws);
        Assert.Equal(first, Draw().ToArray<float>());

        Tensor Draw() => Tensor.RandomUniform([4], lazy.Device, generator: generator);
    }

    [Fact]
    public async Task WhatOthersHaveDrawnSinceIsNotDrawnTwice()
    {
        await using var lazy = new TestEngine();
        var generator = new Generator(7);
        float[] other;
        await using (lazy.Device.BeginStep())
        {
            _ = Draw(); // 0
            using (lazy.Device.Fork()) other = Draw().ToArray<float>(); // 1
            _ = Draw(); // 2
        }
        Assert.Equal(2ul, generator.Draws);
        Assert.NotEqual(other, Draw().ToArray<float>());
        await using (lazy.Device.BeginStep())
        {
            _ = Draw();
            generator.SetSeed(7);
            _ = Draw();
        }
        Assert.Equal(0ul, generator.Draws); // that of the old seed is no draw of the new one

        Tensor Draw() => Tensor.RandomUniform([4], lazy.Device, generator: generator);
    }

    [Fact]
    public async Task CapturedFunctionsAreNoExceptions()
    {
        var failing = false;
        var backend = new FaultyBackend { OnExecute = _ => failing ? new InvalidOperationException("lost power") : null };
        await using var lazy = new TestEngine(backend: backend);
        var generator = new Generator(7);
        var w = new Parameter(lazy.Tensor(1, -2));
        var adam = new Adam([w], 0.1);
        var noise = Tensor.Zeros([2], lazy.Device).Keep();
        var step = Lazy.Compile(x =>
        {
            Train(adam, w);
            noise.Assign(Tensor.RandomUniform([2], lazy.Device, generator: generator));
            return x + 1;
        });
        var x = lazy.Tensor(1);
        _ = step.Run(x);
        lazy.Device.MarkStep();
        await lazy.Device.WaitDeviceOpsAsync();
        failing = true;
        Tensor[] failed = [step.Run(x), step.Run(x)];
        lazy.Device.MarkStep();
        foreach (var result in failed) Assert.Throws<ExecutionException>(() => result.Item());
        failing = false;
        Assert.Equal(1ul, generator.Draws);
        await using (lazy.Device.BeginStep()) _ = step.Run(x);
        Assert.Equal(1ul, generator.Draws);
        _ = step.Run(x);
        lazy.Device.MarkStep();
        Assert.Equal(await TrainedAsync(2), w.ToArray<float>());
        var again = new Generator(7);
        _ = Tensor.RandomUniform([2], lazy.Device, generator: again);
        Assert.Equal(Tensor.RandomUniform([2], lazy.Device, generator: again).ToArray<float>(), noise.ToArray<float>());
    }

    [Fact]
    public async Task ChangesThatFollowOneAnotherAreOneEntry()
    {
        await using var lazy = new TestEngine();
        var generator = new Generator(7);
        for (var i = 0; i < 5000; i++) _ = Tensor.RandomUniform([1], lazy.Device, generator: generator).Item(); // no step ends
        Assert.Equal(5000ul, generator.Draws);
        var log = new UndoLog();
        for (var i = 0ul; i < 5000; i++) log.Add(generator, 0, i, i + 1);
        log.Undo();
        Assert.Equal((0ul, true), (generator.Draws, log.IsEmpty));
    }
}
