namespace LazyHost.Tests;

/// <summary>What flows do to each other: reads, writes and closes of what another has recorded.</summary>
public sealed class FlowTests
{
    private const int Large = 20_000; // more than 64 KiB as f32

    private static Tensor Big(TestEngine lazy, float value = 1) => Tensor.Full([Large], value, lazy.Device);

    /// <summary>Another flow that closes every segment, again and again.</summary>
    private static Task CloseSegments(TestEngine lazy, List<Exception> errors, CancellationToken stop) => Task.Factory.StartNew(() =>
    {
        while (!stop.IsCancellationRequested)
        {
            try { lazy.Device.SyncLiveTensors(); }
            catch (Exception e) { lock (errors) errors.Add(e); }
        }
    }, TaskCreationOptions.LongRunning);

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
        var other = CloseSegments(lazy, errors, stop.Token);
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
        var other = CloseSegments(lazy, errors, stop.Token);
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
