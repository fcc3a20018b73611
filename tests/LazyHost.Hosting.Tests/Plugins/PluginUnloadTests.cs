using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace LazyHost.Hosting.Tests.Plugins;

public sealed class PluginUnloadTests : IDisposable
{
    private readonly PluginSandbox sandbox = new();

    [Theory]
    [InlineData("TestPlugin.Good")]
    [InlineData("TestPlugin.UsesTwo")]
    [InlineData("LazyHost.Backends.Reference")]
    public void AnUnloadedPluginLeavesMemoryThoughItsReportIsKept(string plugin)
    {
        sandbox.Add(plugin);
        var (context, report) = LoadAndUnload(null);
        AssertGone(context);
        Assert.Equal(PluginStatus.Unloaded, report.Status);
        Assert.NotEmpty(Assert.Single(report.Backends).Devices);
    }

    [Theory]
    [InlineData("Configure")]
    [InlineData("Backend")]
    [InlineData("TypeInitializer")]
    public void ARefusedPluginLeavesMemoryThoughItsReasonIsKept(string where)
    {
        sandbox.Add("TestPlugin.Good", "Refused." + where);
        var report = Refuse(where);
        for (var i = 0; i < 20 && Contexts("Refused." + where) > 0; i++) Collect();
        Assert.Equal(0, Contexts("Refused." + where));
        Assert.NotNull(report.Reason);
    }

    [Fact]
    public void ABackendThatFailsToDisposeIsUnloadedAllTheSame()
    {
        sandbox.Add("TestPlugin.Good");
        PluginException? error = null;
        var (context, _) = LoadAndUnload(new() { ["good:FailIn"] = "Dispose" }, e => error = e);
        Assert.Contains("TestPlugin.OwnException: the device is stuck", error?.Message, StringComparison.Ordinal);
        AssertGone(context);
    }

    [Fact]
    public async Task AnUnloadedPluginCannotBeUsed()
    {
        sandbox.Add("TestPlugin.Good");
        await using var host = await sandbox.LoadAsync();
        var plugin = host.Plugins[0];
        await host.UnloadAsync(plugin);
        Assert.Throws<DeviceGoneException>(() => plugin.Backends);
        Assert.Empty(host.Plugins);
        await Assert.ThrowsAsync<PluginException>(() => host.UnloadAsync(plugin));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (WeakReference Context, PluginReport Report) LoadAndUnload(Dictionary<string, string?>? settings, Action<PluginException>? onError = null)
    {
        var host = sandbox.LoadAsync(settings).GetAwaiter().GetResult();
        var context = new WeakReference(AssemblyLoadContext.GetLoadContext(host.Plugins[0].Backends[0].GetType().Assembly));
        Assert.NotSame(AssemblyLoadContext.Default, context.Target);
        try { host.UnloadAsync(host.Plugins[0]).GetAwaiter().GetResult(); }
        catch (PluginException e) when (onError is not null) { onError(e); }
        return (context, host.Reports[0]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private PluginReport Refuse(string where)
    {
        var host = sandbox.LoadAsync(new() { ["good:FailIn"] = where }).GetAwaiter().GetResult();
        Assert.Equal(PluginStatus.Refused, host.Reports[0].Status);
        return host.Reports[0];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Contexts(string name) => AssemblyLoadContext.All.Count(c => c.Name == name);

    private static void AssertGone(WeakReference context)
    {
        for (var i = 0; i < 20 && context.IsAlive; i++) Collect();
        Assert.False(context.IsAlive, "something still refers to the plugin");
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    public void Dispose() => sandbox.Dispose();
}
