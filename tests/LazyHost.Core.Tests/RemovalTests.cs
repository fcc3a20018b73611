using System.Collections.Concurrent;

namespace LazyHost.Tests;

/// <summary>A backend is taken out when nothing is under way on it, whatever other threads do meanwhile.</summary>
public sealed class RemovalTests
{
    private const string Own = "own-plugin";

    private static float[] Big { get; } = new float[40_000];

    [Fact]
    public async Task ACompilationUnderWayEndsFirstAndItsProgramIsNotKept()
    {
        using ManualResetEventSlim compiling = new(), release = new();
        await using var lazy = new PartialEngine(new PartialBackend("own"));
        lazy.Own.OnCompile = () => { compiling.Set(); release.Wait(); return null; };
        var step = Task.Run(() => (lazy.Tensor(1) + 1).Item());
        compiling.Wait();
        var removal = lazy.Engine.RemoveBackendAsync(Own);
        Assert.False(removal.IsCompleted);
        Assert.Contains("being unloaded", Assert.Throws<DeviceGoneException>(() => (lazy.Tensor(1, 2) + 1).ToArray<float>()).Message);
        release.Set();
        await Assert.ThrowsAsync<DeviceGoneException>(() => step);
        await removal;
        Assert.True(lazy.Own.IsDisposed);
        Assert.Equal(0, lazy.Engine.ComputationCache.Numel);
        Assert.Empty(lazy.Engine.Devices);

        var again = new PartialBackend("own");
        var device = lazy.Engine.AddBackend(again, Own, "test")[0]; // the same key
        Assert.Equal(2f, (Tensor.From([1f], [1], device) + 1).Item());
    }

    [Fact]
    public async Task RunsUnderWayAndWaitingEndFirst()
    {
        var gate = new TaskCompletionSource();
        await using var lazy = new PartialEngine(new PartialBackend("own") { IsSlow = true, RunGate = gate.Task });
        var first = lazy.Tensor(1) + 1;
        lazy.Device.MarkStep();
        var second = lazy.Tensor(2) + 1;
        lazy.Device.MarkStep();
        var removal = lazy.Engine.RemoveBackendAsync(Own);
        Assert.False(removal.IsCompleted);
        gate.SetResult();
        await removal;
        Assert.Equal((2f, 3f), (first.Item(), second.Item()));
        Assert.Equal(0, lazy.Own.BytesInUse);
        Assert.Throws<DeviceGoneException>(() => (first + 1).Item());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AReadThatWaitsForItsRunEndsFirst(bool ofBytes)
    {
        var gate = new TaskCompletionSource();
        await using var lazy = new PartialEngine(new PartialBackend("own") { IsSlow = true, RunGate = gate.Task });
        var sum = Tensor.From(Big, [Big.Length], lazy.Device) + 1;
        Task read = ofBytes ? sum.ToBytesAsync(TestContext.Current.CancellationToken) : sum.ToArrayAsync<float>(TestContext.Current.CancellationToken);
        var removal = lazy.Engine.RemoveBackendAsync(Own, TestContext.Current.CancellationToken);
        Assert.False(removal.IsCompleted);
        gate.SetResult();
        await read;
        await removal;
        Assert.True(lazy.Own.IsDisposed);
        Assert.Equal(0, lazy.Own.BytesInUse);
    }

    [Fact]
    public async Task AReadUnderWayEndsFirst()
    {
        using ManualResetEventSlim reading = new(), release = new();
        await using var lazy = new PartialEngine(new PartialBackend("own"));
        var big = Tensor.From(Big, [Big.Length], lazy.Device);
        lazy.Own.OnFetch = () => { reading.Set(); release.Wait(); return null; };
        var read = Task.Run(() => big.ToArray<float>());
        reading.Wait();
        var removal = lazy.Engine.RemoveBackendAsync(Own);
        Assert.False(removal.IsCompleted);
        release.Set();
        Assert.Equal(Big, await read);
        await removal;
        Assert.Throws<DeviceGoneException>(() => big.ToArray<float>());
    }

    [Fact]
    public async Task ACancelledRemovalLeavesTheBackendInUse()
    {
        var gate = new TaskCompletionSource();
        await using var lazy = new PartialEngine(new PartialBackend("own") { IsSlow = true, RunGate = gate.Task });
        var w = new Parameter(lazy.Tensor(1, 2));
        w.Assign(w + 1);
        lazy.Device.MarkStep();
        using var source = new CancellationTokenSource();
        var removal = lazy.Engine.RemoveBackendAsync(Own, source.Token);
        w.Assign(w * 10);
        Assert.Throws<DeviceGoneException>(() => lazy.Device.MarkStep());
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => removal);
        Assert.Same(lazy.Device, Assert.Single(lazy.Engine.Devices));
        Assert.False(lazy.Own.IsDisposed);
        gate.SetResult();
        Assert.Equal(new[] { 2f, 3f }, w.ToArray<float>());
        w.Assign(w * 10);
        Assert.Equal(new[] { 20f, 30f }, w.ToArray<float>());
        await lazy.Engine.RemoveBackendAsync(Own);
        Assert.True(lazy.Own.IsDisposed);
    }

    [Fact]
    public async Task TwoRemovalsOfOneBackendEndTogether()
    {
        var gate = new TaskCompletionSource();
        var disposal = new TaskCompletionSource();
        await using var lazy = new PartialEngine(new PartialBackend("own") { IsSlow = true, RunGate = gate.Task, OnDispose = () => disposal.Task });
        _ = lazy.Tensor(1) + 1;
        lazy.Device.MarkStep();
        using var source = new CancellationTokenSource();
        Task first = lazy.Engine.RemoveBackendAsync(Own), second = lazy.Engine.RemoveBackendAsync(Own), third = lazy.Engine.RemoveBackendAsync(Own, source.Token);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        Assert.Throws<DeviceGoneException>(() => (lazy.Tensor(1) + 1).Item());
        gate.SetResult();
        disposal.SetResult();
        await Task.WhenAll(first, second);
        Assert.True(lazy.Own.IsDisposed);
    }

    [Fact]
    public async Task TheKindIsFreeWhileTheOldBackendIsDisposed()
    {
        var disposal = new TaskCompletionSource();
        var disposing = new TaskCompletionSource();
        await using var lazy = new PartialEngine(new PartialBackend("own") { OnDispose = () => { disposing.SetResult(); return disposal.Task; } });
        Assert.Equal(2f, (lazy.Tensor(1) + 1).Item());
        Assert.Throws<PluginException>(() => lazy.Engine.AddBackend(new PartialBackend("own"), "new", "test"));
        var removal = lazy.Engine.RemoveBackendAsync(Own);
        await disposing.Task;
        var device = lazy.Engine.AddBackend(new PartialBackend("own"), "new", "test")[0];
        Assert.Equal(2f, (Tensor.From([1f], [1], device) + 1).Item());
        disposal.SetResult();
        await removal;
        Assert.Equal(2f, (Tensor.From([1f], [1], device) + 1).Item());
        Assert.Same(device, Assert.Single(lazy.Engine.Devices));
    }

    [Fact]
    public async Task ABackendOfTheChainWaitsForTheRunsInPartsThatNeedIt()
    {
        var gate = new TaskCompletionSource();
        await using var lazy = new PartialEngine(new PartialBackend("own", "prim.tanh"), new PartialBackend("other"));
        lazy.Own.RunGate = gate.Task;
        var y = (lazy.Tensor(0) + 1).Tanh();
        lazy.Device.MarkStep();
        await lazy.Own.Running.Task; // the first part; the second is still to come
        var removal = lazy.Engine.RemoveBackendAsync("other-plugin");
        Assert.False(removal.IsCompleted);
        gate.SetResult();
        Assert.Equal(MathF.Tanh(1), y.Item(), 1e-6f);
        await removal;
        Assert.True(lazy.Chain[0].IsDisposed);
        Assert.Equal(1, lazy.Chain[0].Runs);
        Assert.Throws<UnsupportedOperatorException>(() => (lazy.Tensor(0) + 1).Tanh().Item());
    }

    [Fact]
    public async Task ThreadsThatStepWhileBackendsComeAndGoSeeRightResultsOrThatItIsGone()
    {
        await using var engine = new LazyEngine(new() { FallbackChain = ["other"] });
        var device = engine.AddBackend(new PartialBackend("own", "prim.tanh"), "own", "test")[0];
        engine.AddBackend(new PartialBackend("other"), "other", "test");
        var failures = new ConcurrentBag<string>();
        var right = 0;
        var over = false;
        var threads = Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            for (var i = 0; !Volatile.Read(ref over); i++)
            {
                try
                {
                    var y = ((Tensor.From([t, i % 5f], [2], device) + 1).Tanh() * 2).ToArray<float>();
                    if (y[0] != MathF.Tanh(t + 1) * 2) failures.Add($"thread {t}: {y[0]}");
                    else Interlocked.Increment(ref right);
                }
                catch (DeviceGoneException) { }
                catch (UnsupportedOperatorException) { }
                catch (Exception e) { failures.Add(e.ToString()); }
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        for (var i = 0; i < 30; i++)
        {
            var before = Volatile.Read(ref right);
            SpinWait.SpinUntil(() => Volatile.Read(ref right) > before || !failures.IsEmpty);
            await engine.RemoveBackendAsync("other");
            engine.AddBackend(new PartialBackend("other") { Fingerprint = $"{i % 3}" }, "other", "test");
        }
        Volatile.Write(ref over, true);
        threads.ForEach(t => t.Join());
        Assert.Empty(failures);
    }
}
