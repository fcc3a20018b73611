namespace LazyHost.Tests;

/// <summary>What ends a segment or a step, what is computed then, and what closures and policies add to it.</summary>
public sealed class StepTests
{
    [Fact]
    public async Task SyncTensorsComputesWhatItIsGivenInOneSegment()
    {
        await using var lazy = new TestEngine();
        var a = lazy.Tensor(1, 2) + 1;
        var b = a * 10;
        var c = b - 5;
        lazy.Device.SyncTensors([a, b]);
        Assert.True(a.IsSubmitted && b.IsSubmitted && c.IsSubmitted);
        Assert.Equal(1, lazy.Compiles);
        Assert.Equal([2f, 3], a.ToArray<float>());
        Assert.Equal([20f, 30], b.ToArray<float>());
        Assert.Equal([15f, 25], c.ToArray<float>());
        Assert.Equal(1, lazy.Compiles + lazy.Hits);
    }

    [Fact]
    public async Task AFusedFetchComputesEachValueOnceAlsoOneGivenTwice()
    {
        await using var lazy = new TestEngine();
        var a = lazy.Tensor(1, 2) + 1;
        var b = a * 10;
        var sum = b.Sum();
        var view = b.Reshape(2, 1);
        var values = await Tensor.ToArraysAsync<float>([b, a, b, view]);
        Assert.Equal([20f, 30], values[0]);
        Assert.Equal([2f, 3], values[1]);
        Assert.Equal(values[0], values[2]);
        Assert.Equal(values[0], values[3]);
        Assert.Equal(1, lazy.Compiles + lazy.Hits);
        Assert.Equal(50f, sum.Item()); // nothing is lost: it was a root of the same segment
        Assert.Empty(await Tensor.ToArraysAsync<float>([]));
        await Assert.ThrowsAsync<DTypeMismatchException>(() => Tensor.ToArraysAsync<int>([a]));
    }

    [Fact]
    public async Task SyncLiveTensorsClosesEveryFlowsSegmentOfTheDevice()
    {
        await using var lazy = new TestEngine();
        Tensor other = null!;
        var thread = new Thread(() => other = lazy.Tensor(1) + 1);
        thread.Start();
        thread.Join();
        var own = lazy.Tensor(2) * 3;
        lazy.Device.SyncLiveTensors();
        Assert.True(own.IsSubmitted && other.IsSubmitted);
        Assert.Equal(0, lazy.Device.Steps); // no step has ended
    }

    [Fact]
    public async Task AnEarlyReadDetachesWhatWasComputed()
    {
        await using var lazy = new TestEngine();
        var y = lazy.Tensor(1, 2, 3) * 2;
        Assert.Equal(12f, y.Sum().Item()); // y is consumed, so it is not kept
        var z = y + 1;
        Assert.Equal([3f, 5, 7], z.ToArray<float>());
        var compiles = lazy.Compiles;
        for (var i = 0; i < 5; i++)
        {
            y = lazy.Tensor(1, 2, i) * 2;
            Assert.Equal(6f + (2 * i), y.Sum().Item());
            Assert.Equal(1 + (2 * i), (y + 1).ToArray<float>()[2]);
        }
        Assert.InRange(lazy.Compiles - compiles, 0, 1); // learned: y is a root of that segment from then on
    }

    [Fact]
    public async Task KeepAfterTheSegmentHasEndedKeepsToo()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(Tensor.Ones([40_000], lazy.Device));
        var hidden = w * 2;
        _ = hidden.Sum();
        lazy.Device.MarkStep();
        hidden.Keep();
        for (var i = 0; i < 4; i++)
        {
            w.Assign(w + 1);
            lazy.Device.MarkStep();
        }
        Assert.Equal(2f, hidden.ToArray<float>()[0]);
    }

    [Fact]
    public async Task AShapeErrorLeavesNothingRecorded()
    {
        await using var lazy = new TestEngine();
        Tensor a = lazy.Tensor(1, 2, 3), b = lazy.Tensor(1, 2), c = lazy.Tensor(4, 5, 6);
        Assert.Equal([5f, 7, 9], (a + c).ToArray<float>());
        Assert.Throws<ShapeMismatchException>(() => a.Add(b));
        Assert.Throws<ShapeMismatchException>(() => (a * 2).Add(b));
        lazy.Device.MarkStep(); // the a * 2
        Assert.Throws<ShapeMismatchException>(() => b.Add(a));
        Assert.Equal([5f, 7, 9], (a + c).ToArray<float>());
        Assert.Equal((2, 1), (lazy.Compiles, lazy.Hits));
    }

    [Fact]
    public async Task FurtherResultsAreThereAtTheNodeLimitToo()
    {
        await using var lazy = new TestEngine(new() { SegmentNodeLimit = 4 });
        var x = Tensor.From(Enumerable.Range(0, 8).Select(i => (float)i).ToArray(), [2, 4, 1, 1], lazy.Device);
        var (result, mean, variance) = x.BatchNorm(Tensor.Ones([4], lazy.Device), Tensor.Zeros([4], lazy.Device));
        Assert.Equal([2f, 3, 4, 5], mean.ToArray<float>());
        Assert.Equal([4f, 4, 4, 4], variance.ToArray<float>());
        Assert.Equal(8, result.ToArray<float>().Length);
    }

    [Fact]
    public async Task ClosuresRunInOrderAfterTheStep()
    {
        await using var lazy = new TestEngine();
        var log = new List<string>();
        var loss = lazy.Tensor(1, 2).Sum();
        lazy.Device.AddStepClosure(() => log.Add($"loss {loss.Item()}"));
        lazy.Device.AddStepClosure(() => log.Add($"step {lazy.Device.Steps}"));
        log.Add("recorded");
        lazy.Device.MarkStep();
        Assert.Equal(["recorded", "loss 3", "step 1"], log);
        lazy.Device.MarkStep();
        Assert.Equal(3, log.Count);
        await using (var step = lazy.Device.BeginStep())
        {
            var kept = (lazy.Tensor(4) * 2).Keep();
            lazy.Device.AddStepClosure(() => log.Add($"scope {kept.Item()}"));
            await step.CompleteAsync();
        }
        Assert.Equal("scope 8", log[^1]);
        await using (lazy.Device.BeginStep()) lazy.Device.AddStepClosure(() => log.Add("discarded"));
        lazy.Device.MarkStep();
        Assert.Equal("scope 8", log[^1]);
    }

    [Fact]
    public async Task AClosureThatThrowsThrowsAtTheStepAndEndsTheRow()
    {
        await using var lazy = new TestEngine();
        var ran = false;
        lazy.Device.AddStepClosure(() => throw new InvalidOperationException("printer on fire"));
        lazy.Device.AddStepClosure(() => ran = true);
        Assert.Contains("printer", Assert.Throws<InvalidOperationException>(() => lazy.Device.MarkStep()).Message);
        lazy.Device.MarkStep();
        Assert.False(ran);
        Assert.Equal(2, lazy.Device.Steps);
    }

    [Fact]
    public async Task AsynchronousClosuresDoNotHoldUpTheStep()
    {
        await using var lazy = new TestEngine();
        var gate = new TaskCompletionSource();
        var done = new TaskCompletionSource<float>();
        var loss = lazy.Tensor(1, 2).Sum();
        lazy.Device.AddStepClosure(async token =>
        {
            await gate.Task;
            done.SetResult(await loss.ItemAsync<float>(token));
        });
        lazy.Device.MarkStep();
        Assert.False(done.Task.IsCompleted);
        gate.SetResult();
        Assert.Equal(3f, await done.Task);
    }

    [Fact]
    public async Task AFailedAsynchronousClosureThrowsAtTheNextAndTheOthersDoNotRun()
    {
        await using var lazy = new TestEngine();
        var gate = new TaskCompletionSource();
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ran = false;
        lazy.Device.AddStepClosure(async _ =>
        {
            await gate.Task;
            failed.SetResult();
            throw new InvalidOperationException("disk full");
        });
        lazy.Device.AddStepClosure(_ =>
        {
            ran = true;
            return Task.CompletedTask;
        });
        lazy.Device.MarkStep();
        gate.SetResult();
        await failed.Task;
        // The worker may be between the throw and the note of it: steps without closures pass meanwhile.
        InvalidOperationException? error = null;
        while (error is null)
        {
            lazy.Device.AddStepClosure(static _ => Task.CompletedTask);
            try { lazy.Device.MarkStep(); }
            catch (InvalidOperationException e) { error = e; }
        }
        Assert.Contains("disk full", error.Message);
        Assert.False(ran);
    }

    [Fact]
    public async Task ThePolicyForbidsReadsOfWhatIsOnlyRecorded()
    {
        await using var lazy = new TestEngine();
        var done = lazy.Tensor(1) + 1;
        Assert.Equal(2f, done.Item());
        var pending = done * 3;
        using (lazy.Device.Use(SyncPolicy.Throw))
        {
            var error = Assert.Throws<StepException>(() => pending.Item());
            Assert.Contains($"{nameof(StepTests)}.cs:", error.Message);
            Assert.Equal(2f, done.Item());
            Assert.False(pending.IsSubmitted);
        }
        Assert.Equal(6f, pending.Item());
    }

    [Fact]
    public async Task CopiesBetweenDevicesAreQueuedLikeRuns()
    {
        await using var lazy = new TestEngine();
        var gate = new TaskCompletionSource();
        var other = lazy.Engine.AddBackend(new FaultyBackend { ExecuteGate = gate.Task }, "other", "test")[0];
        var big = Tensor.From(Enumerable.Range(0, 40_000).Select(i => (float)i).ToArray(), [40_000], other);
        var there = big + 1;                // waits at the gate
        var here = there.To(lazy.Device);   // queued behind it, on this device
        var sum = (here * 2).Slice(0, 39_999).Reshape(-1);
        lazy.Device.MarkStep();
        Assert.True(sum.IsAliasOf(sum));
        gate.SetResult();
        Assert.Equal(80_000f, (await sum.ToArrayAsync<float>())[0]);
        Assert.Equal(40_000f, (await (await here.ToAsync(other)).ToArrayAsync<float>())[39_999]);
        Assert.Same(here, here.To(lazy.Device));
        var w = new Parameter(lazy.Tensor(1));
        Assert.Throws<GradientException>(() => (w * 2).To(other));
        Assert.Equal(2f, (w * 2).Detach().To(other).Item());
    }
}
