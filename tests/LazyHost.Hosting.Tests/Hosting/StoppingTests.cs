using System.Collections.Concurrent;
using LazyHost.Hosting.Tests.Plugins;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LazyHost.Hosting.Tests.Hosting;

/// <summary>A host that stops waits for running work, but not for ever.</summary>
public sealed class StoppingTests : IDisposable
{
    private const string Reference = "LazyHost.Backends.Reference";
    private readonly PluginSandbox sandbox = new();
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A host with the Reference plugin, and a gated backend that passes for another of the plugin's.</summary>
    private async Task<(IHost Host, GatedBackend Backend, Device Device)> StartAsync()
    {
        sandbox.Add(Reference);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddConfiguration(Settings.Of(("Plugins:Directory", sandbox.Directory)));
        builder.Services.AddLazyHost(builder.Configuration.GetSection("LazyHost"));
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var backend = new GatedBackend(gate.Task);
        return (host, backend, host.Services.GetRequiredService<LazyEngine>().AddBackend(backend, Reference, "test")[0]);
    }

    [Fact]
    public async Task StoppingWaitsForTheRun()
    {
        var (host, backend, device) = await StartAsync();
        var y = Tensor.From([1f], [1], device) + 1;
        device.MarkStep();
        await backend.Running.Task;
        var stop = host.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(backend.Disposed.Task.IsCompleted);
        gate.SetResult();
        await stop;
        Assert.True(backend.Disposed.Task.IsCompleted);
        Assert.Equal(0, backend.Buffers);
        Assert.Equal(0f, y.Item());
        Assert.All(host.Services.GetRequiredService<PluginHost>().Reports, r => Assert.Equal(PluginStatus.Unloaded, r.Status));
        host.Dispose();
    }

    [Fact]
    public async Task StoppingGivesUpWhenItsTimeIsOverAndLeavesTheRunItsMemory()
    {
        var (host, backend, device) = await StartAsync();
        var plugins = host.Services.GetRequiredService<PluginHost>();
        var engine = host.Services.GetRequiredService<LazyEngine>();
        var running = Tensor.From([1f], [1], device) + 1;
        device.MarkStep();
        await backend.Running.Task;
        using var source = new CancellationTokenSource();
        var stop = host.StopAsync(source.Token);
        await source.CancelAsync();
        await Record.ExceptionAsync(() => stop); // a cancelled stop may say so, but it ends
        host.Dispose();
        Assert.Equal([Reference], engine.StillRunning);
        Assert.False(backend.Disposed.Task.IsCompleted);
        Assert.True(backend.Buffers > 0);
        Assert.Single(Assert.Single(plugins.Plugins).Backends); // it stays loaded

        gate.SetResult();
        await backend.Disposed.Task;
        Assert.Equal(0, backend.Buffers);
        Assert.Equal(0f, running.Item());
    }

    [Fact]
    public async Task StoppingInTheMiddleOfSteppingThreadsEndsThemAll()
    {
        var (host, _, _) = await StartAsync();
        gate.SetResult();
        var device = host.Services.GetRequiredService<IDeviceCatalog>().Get("reference:0");
        var failures = new ConcurrentBag<string>();
        using var started = new CountdownEvent(4);
        var threads = Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            for (var i = 0; ; i++)
            {
                try
                {
                    var y = ((Tensor.From([(float)t], [1], device) * 2) + 1).ToArray<float>()[0];
                    if (y != (t * 2) + 1) failures.Add($"thread {t}: {y}");
                }
                catch (DeviceGoneException) { break; }
                catch (Exception e) { failures.Add(e.ToString()); break; }
                if (i == 5) started.Signal();
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        started.Wait(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
        threads.ForEach(t => t.Join());
        Assert.Empty(failures);
        host.Dispose();
    }

    public void Dispose() => sandbox.Dispose();
}
