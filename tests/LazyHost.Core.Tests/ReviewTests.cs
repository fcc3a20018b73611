using System.Diagnostics.Metrics;

namespace LazyHost.Tests;

/// <summary>What flows, scopes, regions and devices do to each other.</summary>
public sealed class ReviewTests
{
    private const int Large = 20_000; // more than 64 KiB as f32

    private static Tensor Big(TestEngine lazy, float value = 1) => Tensor.Full([Large], value, lazy.Device);

    [Fact]
    public async Task ARunIsQueuedBeforeOthersCanUseItsResults()
    {
        await using var lazy = new TestEngine(new() { QueueDepth = 8 }, new FaultyBackend());
        var bad = 0;
        for (var round = 0; round < 60; round++)
        {
            var x = Tensor.Full([Large], round + 1, lazy.Device);
            var first = x + 1;
            for (var i = 0; i < 600; i++) _ = lazy.Tensor(i) + 1; // results to be made known after the first
            var value = round + 2f;
            var reader = Task.Factory.StartNew(() =>
            {
                using var fork = lazy.Device.Fork();
                while (!first.IsSubmitted) Thread.SpinWait(1);
                return (first + 1).ToArray<float>()[5];
            }, TaskCreationOptions.LongRunning);
            lazy.Device.MarkStep();
            if (await reader != value + 1) bad++;
        }
        Assert.Equal(0, bad);
    }

    [Fact]
    public async Task DroppedFlowsAreCollected()
    {
        await using var lazy = new TestEngine();
        static void Drop(TestEngine lazy)
        {
            var y = Big(lazy) + 1;
            lazy.Device.SyncTensors([y]);
            _ = y * 2; // recorded, and never closed
        }
        for (var i = 0; i < 400; i++)
        {
            var thread = new Thread(() => Drop(lazy));
            thread.Start();
            thread.Join();
        }
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Drop(lazy);
        }
        Assert.InRange(lazy.Device.MemoryUse.InUse, 0, 150 * 80_000);
    }

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
    public async Task OneFlowThatCannotBeCompiledKeepsNoOtherFromBeingClosed()
    {
        var backend = new FaultyBackend { Unsupported = IR.PrimitiveKind.Tanh };
        await using var lazy = new TestEngine(backend: backend);
        Tensor bad, good1, good2;
        using (lazy.Device.Fork()) good1 = lazy.Tensor(1) + 1;
        using (lazy.Device.Fork()) bad = lazy.Tensor(1).Tanh();
        using (lazy.Device.Fork()) good2 = lazy.Tensor(1) + 2;
        Assert.Throws<UnsupportedOperatorException>(() => lazy.Device.SyncLiveTensors());
        Assert.True(good1.IsSubmitted);
        Assert.True(good2.IsSubmitted);
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

    [Fact]
    public async Task ACancelledReadOfAnotherFlowLosesNoWrite()
    {
        using var compiling = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var backend = new FaultyBackend();
        await using var lazy = new TestEngine(backend: backend);
        var a = new Parameter(lazy.Tensor(1));
        a.Assign(a + 1);
        var y = a * 10;
        backend.OnCompile = (_, token) =>
        {
            compiling.Set();
            go.Wait(TestContext.Current.CancellationToken);
            return token.IsCancellationRequested ? new OperationCanceledException(token) : null;
        };
        using var cancel = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            using (lazy.Device.Fork()) return await y.ToArrayAsync<float>(cancel.Token);
        });
        compiling.Wait(TestContext.Current.CancellationToken);
        var other = lazy.Tensor(7) + 1; // the flow goes on meanwhile
        await cancel.CancelAsync();
        go.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader);
        lazy.Device.MarkStep();
        Assert.Equal(8f, other.Item());
        Assert.Equal(2f, a.Item());
    }

    [Fact]
    public async Task AFlowIsToldThatAnothersReadCouldNotCompileItsWrites()
    {
        var backend = new FaultyBackend { OnCompile = static (_, _) => new InvalidOperationException("no luck") };
        await using var lazy = new TestEngine(backend: backend);
        var a = new Parameter(lazy.Tensor(1));
        a.Assign(a + 1);
        var y = a * 10;
        await Assert.ThrowsAsync<CompilationException>(() => Task.Run(async () =>
        {
            using (lazy.Device.Fork()) return await y.ToArrayAsync<float>();
        }));
        Assert.Throws<CompilationException>(() => lazy.Device.MarkStep());
    }

    [Fact]
    public async Task AValueComputedAgainWhileAScopeEndsDisturbsNothing()
    {
        var gate = new TaskCompletionSource();
        var backend = new FaultyBackend();
        await using var lazy = new TestEngine(new() { QueueDepth = 8 }, backend);
        Task ending;
        await using (var step = lazy.Device.BeginStep())
        {
            var h = Big(lazy) * 2;
            var y = h + 1;
            var z = lazy.Tensor(3) + 1;
            backend.ExecuteGate = gate.Task;
            lazy.Device.SyncTensors([z]);
            ending = step.CompleteAsync();
            var again = Task.Run(() => h.ToArray<float>()[0]);
            lazy.Device.SyncTensors([h]);
            gate.SetResult();
            await ending;
            try { Assert.Equal(2f, await again); } catch (ExpiredValueException) { }
        }
    }

    [Fact]
    public async Task AScopeThatEndsWhileAnotherClosesItsSegmentsHasThemAll()
    {
        await using var lazy = new TestEngine(new() { QueueDepth = 8 }, new FaultyBackend());
        var errors = new List<Exception>();
        using var stop = new CancellationTokenSource();
        var other = Task.Factory.StartNew(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                try { lazy.Device.SyncLiveTensors(); }
                catch (Exception e) { lock (errors) errors.Add(e); }
            }
        }, TaskCreationOptions.LongRunning);
        var a = new Parameter(lazy.Tensor(0));
        var expected = 0f;
        for (var i = 0; i < 200 && errors.Count == 0; i++)
        {
            try
            {
                await using var step = lazy.Device.BeginStep();
                for (var k = 0; k < 5; k++) a.Assign(a + 1);
                if (i % 2 == 0)
                {
                    await step.CompleteAsync();
                    expected += 5;
                }
            }
            catch (Exception e) { lock (errors) errors.Add(e); }
            var got = a.Item();
            if (got != expected) lock (errors) errors.Add(new InvalidOperationException($"round {i}: {got} for {expected}"));
        }
        await stop.CancelAsync();
        await other;
        Assert.Empty(errors);
    }

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

    [Fact]
    public async Task ManyFlowsReadOneView()
    {
        await using var lazy = new TestEngine();
        var errors = new List<string>();
        var x = Tensor.Full([4], 0, lazy.Device);
        var v = x.Slice(0, 1, 3);
        for (var round = 0; round < 50 && errors.Count == 0; round++)
        {
            x.Assign(x + 1);
            lazy.Device.MarkStep();
            var expected = round + 1f;
            using var barrier = new Barrier(8);
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Factory.StartNew(() =>
            {
                barrier.SignalAndWait();
                try
                {
                    for (var k = 0; k < i; k++) _ = lazy.Tensor(1) + k; // so that indices differ
                    var got = i % 2 == 0 ? v.ToArray<float>()[0] : (v + 1).ToArray<float>()[1] - 1;
                    if (got != expected) lock (errors) errors.Add($"round {round}: {got} for {expected}");
                }
                catch (Exception e) { lock (errors) errors.Add(e.ToString()); }
            }, TaskCreationOptions.LongRunning)));
        }
        Assert.Empty(errors);
    }

    [Fact]
    public async Task ManyFlowsUseOneView()
    {
        await using var lazy = new TestEngine();
        var errors = new List<string>();
        var x = Tensor.From([1f, 2, 3, 4], [4], lazy.Device);
        var v = x.Slice(0, 1, 3);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Factory.StartNew(() =>
        {
            try
            {
                for (var n = 0; n < 200; n++)
                {
                    Tensor t = lazy.Tensor(1, 1);
                    for (var k = 0; k < i; k++) t = t + 1;
                    var got = i % 3 == 0 ? v.ToArray<float>() : (v + t).ToArray<float>();
                    var add = i % 3 == 0 ? 0f : 1 + i;
                    if (got[0] != 2 + add || got[1] != 3 + add) lock (errors) errors.Add($"{i} {n}: {got[0]} {got[1]}");
                }
            }
            catch (Exception e) { lock (errors) errors.Add(e.ToString()); }
        }, TaskCreationOptions.LongRunning)));
        Assert.Empty(errors);
    }

    [Fact]
    public async Task GradientsAreRightWhileAnotherFlowClosesSegments()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(3));
        var errors = new List<Exception>();
        using var stop = new CancellationTokenSource();
        var other = Task.Factory.StartNew(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                try { lazy.Device.SyncLiveTensors(); }
                catch (Exception e) { lock (errors) errors.Add(e); }
            }
        }, TaskCreationOptions.LongRunning);
        for (var i = 0; i < 500 && errors.Count == 0; i++)
        {
            try
            {
                var h = w * 2;
                for (var k = 0; k < 20; k++) h = h * 1;
                w.Grad = null;
                h.Backward();
                if (i % 10 == 0) Assert.Equal(2f, w.Grad!.Item());
            }
            catch (Exception e) { lock (errors) errors.Add(e); }
        }
        await stop.CancelAsync();
        await other;
        Assert.Empty(errors);
    }
}
