using System.Diagnostics;

namespace LazyHost.Tests;

public sealed class ConcurrencyTests
{
    private static float Work(TestEngine lazy, Tensor w, int seed)
    {
        var x = lazy.Tensor(seed, seed + 1);
        for (var i = 0; i < 10; i++) x = (x * 0.5) + w;
        lazy.Device.MarkStep();
        return x.ToArray<float>()[0];
    }

    private static float Expected(int seed)
    {
        float x = seed;
        for (var i = 0; i < 10; i++) x = (x * 0.5f) + 3;
        return x;
    }

    [Fact]
    public async Task EightThreadsRecordAndStepAtOnce()
    {
        await using var lazy = new TestEngine();
        var w = lazy.Tensor(3, 4);
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        var threads = Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            for (var i = 0; i < 300; i++)
            {
                var got = Work(lazy, w, (t * 1000) + i);
                if (got != Expected((t * 1000) + i)) failures.Add($"thread {t}, {i}: {got}");
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Empty(failures);
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task AHundredAsyncMethodsWithAwaitsInTheMiddleShareOneKey()
    {
        await using var lazy = new TestEngine();
        var w = lazy.Tensor(3, 4);
        Assert.Equal(5f, (w + 2).ToArray<float>()[0]); // the parent has recorded before, up to a boundary
        async Task Method(int m)
        {
            for (var i = 0; i < 20; i++)
            {
                var seed = (m * 100) + i;
                var x = lazy.Tensor(seed, seed + 1);
                for (var k = 0; k < 10; k++)
                {
                    x = (x * 0.5) + w;
                    if (k % 3 == 0) await Task.Yield();
                }
                lazy.Device.MarkStep();
                await Task.Yield();
                Assert.Equal(Expected(seed), (await x.ToArrayAsync<float>())[0]);
            }
        }
        await Task.WhenAll(Enumerable.Range(0, 100).Select(Method));
        Assert.Equal(2, lazy.Compiles);
    }

    [Fact]
    public async Task EqualSegmentsCompiledAtOnceCompileOnce()
    {
        const int Flows = 16;
        var compiles = 0;
        using var looked = new CountdownEvent(Flows);
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Instrumentation.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.OperationName == "key" && activity.GetTagItem("device") is "together:0" && activity.GetTagItem("hit") is false) looked.Signal();
            },
        };
        ActivitySource.AddActivityListener(listener);
        // The first is at it until none of them has found the program in the cache.
        var backend = new FaultyBackend { Kind = "together", OnCompile = (_, _) => { Interlocked.Increment(ref compiles); looked.Wait(); return null; } };
        await using var lazy = new TestEngine(backend: backend);
        var threads = Enumerable.Range(0, Flows).Select(i => Task.Factory.StartNew(() => Assert.Equal(i + 1f, (lazy.Tensor(i) + 1).Item()), TaskCreationOptions.LongRunning));
        await Task.WhenAll(threads);
        Assert.Equal(1, compiles);
    }

    [Fact]
    public async Task CancellingOneWaiterForACompileDoesNotDisturbTheOthers()
    {
        using var compiling = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var backend = new FaultyBackend { OnCompile = (_, _) => { compiling.Set(); release.Wait(); return null; } };
        await using var lazy = new TestEngine(backend: backend);
        var first = Task.Run(() => (lazy.Tensor(1) + 1).Item());
        compiling.Wait();
        using var source = new CancellationTokenSource();
        var second = Task.Run(() => (lazy.Tensor(2) + 1).ToArrayAsync<float>(source.Token));
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        release.Set();
        Assert.Equal(2f, await first);
    }

    [Fact]
    public async Task AForkHasAFlowOfItsOwn()
    {
        await using var lazy = new TestEngine();
        var pending = lazy.Tensor(1) + 1;
        using (lazy.Device.Fork())
        {
            var inner = lazy.Tensor(5) + 1;
            lazy.Device.MarkStep();
            Assert.True(inner.IsSubmitted);
        }
        Assert.False(pending.IsSubmitted);
        Assert.Equal(2f, pending.Item());
    }
}
