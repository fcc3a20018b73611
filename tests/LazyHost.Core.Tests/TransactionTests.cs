namespace LazyHost.Tests;

/// <summary>A step is put back as a whole; errors are told once, to whoever waits.</summary>
public sealed class TransactionTests
{
    /// <summary>Fails the runs whose number, from 1, is named.</summary>
    private static FaultyBackend Failing(params int[] runs)
    {
        var count = 0;
        return new() { OnExecute = _ => runs.Contains(Interlocked.Increment(ref count)) ? new InvalidOperationException("lost power") : null };
    }

    [Fact]
    public async Task AStepSplitByAReadIsPutBackAsAWhole()
    {
        await using var lazy = new TestEngine(backend: Failing(2));
        var (a, b) = (new Parameter(lazy.Tensor(1)), new Parameter(lazy.Tensor(10)));
        a.Assign(a + 1);
        Assert.Equal(2f, a.Item()); // the first run of the step
        b.Assign(b + 1);
        var loss = a + b;
        lazy.Device.MarkStep();
        Assert.Contains("lost power", Assert.Throws<ExecutionException>(() => loss.Item()).Message);
        Assert.Equal((1f, 10f), (a.Item(), b.Item()));
        a.Assign(a + 1);
        b.Assign(b + 1);
        lazy.Device.MarkStep();
        Assert.Equal((2f, 11f), (a.Item(), b.Item()));
    }

    [Fact]
    public async Task WhatWasRecordedOnAStepThatFailsLaterFailsWithIt()
    {
        var backend = Failing(2);
        await using var lazy = new TestEngine(backend: backend);
        var (a, b) = (lazy.Tensor(1), lazy.Tensor(10));
        a.AddInPlace(1);
        Assert.Equal(2f, a.Item()); // the first run of the step
        var gate = new TaskCompletionSource();
        backend.ExecuteGate = gate.Task;
        b.AddInPlace(1);
        lazy.Device.MarkStep();
        a.MulInPlace(5); // of what the first run gave it, which is no more once the second has failed
        lazy.Device.MarkStep();
        gate.SetResult();
        await Assert.ThrowsAsync<ExecutionException>(() => lazy.Device.WaitDeviceOpsAsync());
        Assert.Equal((1f, 10f), (a.Item(), b.Item()));
    }

    [Fact]
    public async Task AFailureThatNobodyWaitedForInAScopeIsToldByTheBarrier()
    {
        var (backend, gate) = (Failing(1), new TaskCompletionSource());
        backend.ExecuteGate = gate.Task;
        await using var lazy = new TestEngine(backend: backend);
        var a = lazy.Tensor(1);
        await using (var step = lazy.Device.BeginStep())
        {
            a.AddInPlace(1);
            using var cancellation = new CancellationTokenSource();
            var end = step.CompleteAsync(cancellation.Token);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => end);
            gate.SetResult();
        }
        await Assert.ThrowsAsync<ExecutionException>(() => lazy.Device.WaitDeviceOpsAsync());
        await lazy.Device.WaitDeviceOpsAsync(); // once
        Assert.Equal(1f, a.Item());
    }

    [Fact]
    public async Task VariablesGivenOneValueGoBackEachToItsOwn()
    {
        await using var lazy = new TestEngine(backend: Failing(2));
        var (a, b) = (new Parameter(lazy.Tensor(1)), new Parameter(lazy.Tensor(10)));
        var t = lazy.Tensor(5) * 2;
        a.Assign(t);
        b.Assign(t);
        lazy.Device.MarkStep();
        Assert.Equal((10f, 10f), (a.Item(), b.Item()));
        var u = t * 3;
        a.Assign(u);
        b.Assign(u);
        lazy.Device.MarkStep();
        await Assert.ThrowsAsync<ExecutionException>(() => lazy.Device.WaitDeviceOpsAsync());
        Assert.Equal((10f, 10f), (a.Item(), b.Item()));
        a.Assign(a + 1);
        Assert.Equal((11f, 10f), (a.Item(), b.Item()));
    }

    [Fact]
    public async Task AScopeThatFailsPutsItsVariablesBackAlsoWhenDisposed()
    {
        await using var lazy = new TestEngine(backend: Failing(2));
        var (a, b) = (new Parameter(lazy.Tensor(1)), new Parameter(lazy.Tensor(10)));
        await using (var step = lazy.Device.BeginStep())
        {
            a.Assign(a + 1);
            Assert.Equal(2f, a.Item());
            b.Assign(b + 1);
            await Assert.ThrowsAsync<ExecutionException>(() => step.CompleteAsync());
            await Assert.ThrowsAsync<StepException>(() => step.CompleteAsync());
        }
        Assert.Equal((1f, 10f), (a.Item(), b.Item()));
        await lazy.Device.WaitDeviceOpsAsync(); // it has been told
    }

    [Fact]
    public async Task AScopeThatCannotBeCompiledStaysOpen()
    {
        var backend = new FaultyBackend { OnCompile = static (_, _) => new InvalidOperationException("no luck") };
        await using var lazy = new TestEngine(backend: backend);
        var a = new Parameter(lazy.Tensor(1));
        await using (var step = lazy.Device.BeginStep())
        {
            a.Assign(a + 1);
            await Assert.ThrowsAsync<CompilationException>(() => step.CompleteAsync());
            backend.OnCompile = static (_, _) => null;
            a.Assign(a + 5);
            await step.CompleteAsync();
        }
        Assert.Equal(6f, a.Item()); // the failed write left the value it had
    }

    [Fact]
    public async Task ADiscardedScopeGivesItsRandomNumbersBack()
    {
        await using var lazy = new TestEngine();
        float[] first;
        await using (lazy.Device.BeginStep()) first = Tensor.RandomUniform([4], lazy.Device).ToArray<float>();
        Assert.Equal(first, Tensor.RandomUniform([4], lazy.Device).ToArray<float>());
    }

    [Fact]
    public async Task LaterStepsThatNeedNothingOfAFailedOneStand()
    {
        await using var lazy = new TestEngine(new() { QueueDepth = 8 }, Failing(1));
        var (a, b) = (new Parameter(lazy.Tensor(1)), new Parameter(lazy.Tensor(10)));
        a.Assign(a + 1);
        lazy.Device.MarkStep();
        b.Assign(b + 1);
        lazy.Device.MarkStep();
        await Assert.ThrowsAsync<ExecutionException>(() => lazy.Device.WaitDeviceOpsAsync());
        Assert.Equal((1f, 11f), (a.Item(), b.Item()));
    }

    [Fact]
    public async Task AFailureIsToldOnceByTheBarrierAndNotIfAReaderWasTold()
    {
        await using var lazy = new TestEngine(new() { QueueDepth = 8 }, Failing(1, 2));
        var x = lazy.Tensor(1) + 1;
        lazy.Device.MarkStep();
        var y = lazy.Tensor(2) + 1;
        lazy.Device.MarkStep();
        Assert.Throws<ExecutionException>(() => y.Item());
        var told = await Assert.ThrowsAsync<ExecutionException>(() => lazy.Device.WaitDeviceOpsAsync());
        Assert.Same(told, Assert.Throws<ExecutionException>(() => x.Item()));
        await lazy.Device.WaitDeviceOpsAsync();
    }

    [Fact]
    public async Task AnErrorOfARunNamesOperatorPlaceAndDeviceLongAfterTheCall()
    {
        await using var lazy = new TestEngine(backend: Failing(1));
        var y = lazy.Tensor(1).Add(1);
        lazy.Device.MarkStep();
        for (var i = 0; i < 5; i++) lazy.Device.MarkStep();
        var error = Assert.Throws<ExecutionException>(() => y.Item());
        Assert.Equal("add", error.Operator);
        Assert.Equal($"{nameof(TransactionTests)}.cs", Path.GetFileName(error.CallSite!.Value.File));
        Assert.Contains("faulty:0", error.Message);
    }

    [Fact]
    public async Task ADroppedFlowLeavesNothingPinned()
    {
        await using var lazy = new TestEngine();
        static void Drop(TestEngine lazy)
        {
            var y = Tensor.From(new float[20_000], [20_000], lazy.Device) + 1;
            lazy.Device.SyncTensors([y]);
            _ = y * 2; // recorded, and never closed
        }
        for (var i = 0; i < 300; i++)
        {
            var thread = new Thread(() => Drop(lazy));
            thread.Start();
            thread.Join();
            if (i % 100 != 99) continue;
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        // A hundred flows between two collections, and those that are looked after next time.
        Assert.InRange(lazy.Device.MemoryUse.InUse, 0, 250 * 2 * 80_000);
    }

    [Fact]
    public async Task FailuresBeyondThoseThatAreRememberedAreLoggedOnce()
    {
        var log = new LogList();
        await using var engine = new LazyEngine(null, log);
        var device = engine.AddBackend(new FaultyBackend { OnExecute = static _ => new InvalidOperationException("lost power") }, "faulty", "test")[0];
        var results = new List<Tensor>();
        for (var i = 0; i < 70; i++)
        {
            results.Add((Tensor.From([1f], [1], device) + i).Keep());
            device.SyncLiveTensors();
        }
        await Assert.ThrowsAsync<ExecutionException>(() => device.WaitDeviceOpsAsync());
        Assert.Single(log.Lines, l => l.Text.Contains("More than 64 failed runs on faulty:0", StringComparison.Ordinal));
        Assert.Throws<ExecutionException>(() => results[^1].Item());
    }
}
