using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LazyHost.Tests;

/// <summary>Stopping waits for what runs as long as it may, and then goes on without harming it.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task AStuckRunKeepsItsMemoryAndItsBackendUntilItEnds()
    {
        var gate = new TaskCompletionSource();
        var disposing = new TaskCompletionSource();
        var own = new PartialBackend("own") { IsSlow = true, RunGate = gate.Task, OnDispose = () => { disposing.SetResult(); return Task.CompletedTask; } };
        await using var lazy = new PartialEngine(own);
        var running = lazy.Tensor(1, 2) + 1;
        lazy.Device.MarkStep();
        await own.Running.Task;
        var waiting = lazy.Tensor(5) + 1;
        lazy.Device.MarkStep();
        var memory = own.BytesInUse;

        using var source = new CancellationTokenSource();
        var stop = lazy.Engine.StopAsync(source.Token);
        Assert.False(stop.IsCompleted);
        source.Cancel();
        await stop;
        Assert.Equal(["own-plugin"], lazy.Engine.StillRunning);
        Assert.Contains(lazy.Log.Lines, l => l.Level == LogLevel.Warning && l.Text.Contains("own-plugin", StringComparison.Ordinal) && l.Text.Contains("still at work", StringComparison.Ordinal));
        Assert.Empty(lazy.Engine.Devices);
        Assert.Contains("stopped", Assert.Throws<DeviceGoneException>(() => waiting.Item()).Message);
        Assert.False(own.IsDisposed);
        Assert.InRange(own.BytesInUse, 1, memory);

        // The kind is free: what is left of the old device must not harm the new one.
        var device = lazy.Engine.AddBackend(new PartialBackend("own"), "new", "test")[0];
        gate.SetResult();
        await disposing.Task;
        Assert.Equal(new[] { 2f, 3f }, running.ToArray<float>());
        Assert.Equal(0, own.BytesInUse);
        var y = (Tensor.From([1f], [1], device) + 1).Keep();
        device.SyncLiveTensors();
        Assert.True(y.IsSubmitted);
        Assert.Equal(2f, y.Item());
    }

    [Fact]
    public async Task DisposingWaitsForAsLongAsTheOptionSays()
    {
        var gate = new TaskCompletionSource();
        var own = new PartialBackend("own") { IsSlow = true, RunGate = gate.Task };
        var lazy = new PartialEngine(new LazyEngineOptions { DrainTimeout = TimeSpan.Zero }, own);
        var y = lazy.Tensor(1) + 1;
        lazy.Device.MarkStep();
        await own.Running.Task;
        await lazy.DisposeAsync();
        Assert.Equal(["own-plugin"], lazy.Engine.StillRunning);
        gate.SetResult();
        Assert.Equal(2f, y.Item());
    }

    [Fact]
    public async Task DisposingWaitsForShortWork()
    {
        var gate = new TaskCompletionSource();
        var own = new PartialBackend("own") { IsSlow = true, RunGate = gate.Task };
        var lazy = new PartialEngine(own);
        var y = lazy.Tensor(1) + 1;
        lazy.Device.MarkStep();
        await own.Running.Task;
        var disposal = lazy.DisposeAsync().AsTask();
        Assert.False(disposal.IsCompleted);
        gate.SetResult();
        await disposal;
        Assert.Equal(2f, y.Item());
        Assert.True(own.IsDisposed);
        Assert.Empty(lazy.Engine.StillRunning);
    }

    [Fact]
    public async Task StoppingWaitsForStepClosuresWhichStillHaveTheirDevice()
    {
        var lazy = new PartialEngine(new PartialBackend("own"));
        var gate = new TaskCompletionSource();
        var seen = 0f;
        lazy.Device.AddStepClosure(async _ =>
        {
            await gate.Task;
            seen = await (lazy.Tensor(1) + 1).ItemAsync<float>();
        });
        lazy.Device.MarkStep();
        var stop = lazy.Engine.StopAsync(CancellationToken.None);
        Assert.False(stop.IsCompleted);
        gate.SetResult();
        await stop;
        Assert.Equal(2f, seen);
        Assert.True(lazy.Own.IsDisposed);
    }

    [Fact]
    public async Task AStuckStepClosureIsToldToEndAndHoldsUpNothing()
    {
        var lazy = new PartialEngine(new LazyEngineOptions { DrainTimeout = TimeSpan.Zero }, new PartialBackend("own"));
        var told = new TaskCompletionSource();
        lazy.Device.AddStepClosure(async token =>
        {
            await using var registration = token.Register(told.SetResult);
            await new TaskCompletionSource().Task;
        });
        lazy.Device.MarkStep();
        await lazy.DisposeAsync();
        await told.Task;
        Assert.True(lazy.Own.IsDisposed);
        lazy.Device.AddStepClosure(static _ => Task.CompletedTask);
        Assert.Throws<StepException>(() => lazy.Device.MarkStep());
    }

    [Fact]
    public async Task StoppingInTheMiddleOfSteppingThreadsEndsThemAllWithOneError()
    {
        var lazy = new PartialEngine(new PartialBackend("own", "prim.tanh") { IsSlow = true }, new PartialBackend("other"));
        var failures = new ConcurrentBag<string>();
        using var started = new CountdownEvent(8);
        var threads = Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            var w = new Parameter(lazy.Tensor(t, 1));
            for (var i = 0; ; i++)
            {
                try
                {
                    w.Assign((w * 0.5).Tanh() + 1);
                    lazy.Device.MarkStep();
                    if (i % 3 == 0) _ = w.ToArray<float>();
                }
                catch (DeviceGoneException) { break; }
                catch (Exception e) { failures.Add(e.ToString()); break; }
                if (i == 5) started.Signal();
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        started.Wait();
        await lazy.DisposeAsync();
        threads.ForEach(t => t.Join());
        Assert.Empty(failures);
        Assert.True(lazy.Own.IsDisposed && lazy.Chain[0].IsDisposed);
        Assert.Equal((0, 0), (lazy.Own.BytesInUse, lazy.Chain[0].BytesInUse));
    }
}
