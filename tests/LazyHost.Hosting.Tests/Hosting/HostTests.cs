using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using LazyHost.Hosting.Tests.Plugins;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LazyHost.Hosting.Tests.Hosting;

public sealed class HostTests : IDisposable
{
    private const string Reference = "LazyHost.Backends.Reference";
    private readonly PluginSandbox sandbox = new();

    private IHost Build(params (string Name, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddConfiguration(Settings.Of([("Plugins:Directory", sandbox.Directory), .. settings]));
        builder.Services.AddLazyHost(builder.Configuration.GetSection("LazyHost"));
        builder.Services.AddTransient<Consumer>();
        return builder.Build();
    }

    private sealed class Consumer([FromKeyedServices("reference:0")] Device device)
    {
        public Device Device { get; } = device;
    }

    [Fact]
    public async Task DevicesOfPluginsComputeInAGenericHost()
    {
        sandbox.Add(Reference);
        using var host = Build(("DefaultDevice", "reference"));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var catalog = host.Services.GetRequiredService<IDeviceCatalog>();
        Assert.Equal("reference:0", catalog.Default.ToString());
        Assert.Same(catalog.Default, host.Services.GetRequiredService<Consumer>().Device);
        Assert.Same(catalog.Default, host.Services.GetRequiredKeyedService<Device>(catalog.Default.Id));
        var sum = Tensor.From([1f, 2f], [2], catalog.Default) + 1;
        Assert.Equal(new[] { 2f, 3f }, await sum.ToArrayAsync<float>(TestContext.Current.CancellationToken));
        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Empty(catalog.All);
    }

    [Fact]
    public async Task SettingsForAMisspeltBackendAreAStartUpError()
    {
        sandbox.Add(Reference);
        using var host = Build(("Backends:refrence:Threads", "1"));
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("LazyHost:Backends:refrence is for no backend; did you mean reference? Known are reference", error.Message, StringComparison.Ordinal);
        // One that is only not there may be there another time.
        using var other = Build(("Backends:quantum:Qubits", "1"));
        await other.StartAsync(TestContext.Current.CancellationToken);
        await other.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ADirectoryThatIsNamedMustBeThere()
    {
        var missing = Path.Combine(sandbox.Directory, "nowhere");
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => LazyRuntime.StartAsync(Settings.Of(("Plugins:Directory", missing)), TestContext.Current.CancellationToken));
        Assert.Contains($"LazyHost:Plugins:Directory is {missing}, but there is no directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownDeviceIsAnErrorThatListsTheKnown()
    {
        sandbox.Add(Reference);
        using var host = Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var catalog = host.Services.GetRequiredService<IDeviceCatalog>();
        Assert.Contains("reference:0", Assert.Throws<UnknownDeviceException>(() => catalog.Get("cuda:0")).Message, StringComparison.Ordinal);
        Assert.Throws<UnknownDeviceException>(() => host.Services.GetRequiredKeyedService<Device>("cuda:0"));
        Assert.Throws<UnknownDeviceException>(() => catalog.Get("not a device"));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task SegmentsAreWrittenToTheDumpFileAndOneThatCannotBeIsAnErrorAtTheStart()
    {
        sandbox.Add(Reference);
        var file = Path.Combine(sandbox.Directory, "segments.txt");
        using (var host = Build(("Diagnostics:DumpFile", file), ("Diagnostics:DumpFormat", "dot")))
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            _ = (Tensor.From([1f], [1], host.Services.GetRequiredService<IDeviceCatalog>().Default) + 1).Item();
            await host.StopAsync(TestContext.Current.CancellationToken);
        }
        Assert.Contains("digraph segment {", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var wrong = Build(("Diagnostics:DumpFile", sandbox.Directory));
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => wrong.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith($"LazyHost:Diagnostics:DumpFile: the dump file {sandbox.Directory} cannot be written: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutADefaultTheFirstDeviceIsTaken()
    {
        sandbox.Add(Reference);
        sandbox.Add("TestPlugin.Good");
        await using var lazy = await LazyRuntime.StartAsync(Settings.Of(("Plugins:Directory", sandbox.Directory)), TestContext.Current.CancellationToken);
        Assert.Equal(["reference:0", "good:0"], lazy.Devices.All.Select(d => d.ToString()));
        Assert.Equal("reference:0", lazy.Devices.Default.ToString());
        Assert.Equal(2, lazy.Plugins.Count);
        Assert.Equal(2, lazy.Engine.Devices.Count);
    }

    [Fact]
    public async Task SettingsOfCompilationsReachTheEngine()
    {
        sandbox.Add(Reference);
        await using var lazy = await LazyRuntime.StartAsync(Settings.Of(
            ("Plugins:Directory", sandbox.Directory), ("Execution:MaxCompiles", "0"), ("ComputationCache:Entries", "7"), ("ComputationCache:Directory", "kept"), ("ComputationCache:DirectoryBytes", "1KB")), TestContext.Current.CancellationToken);
        var options = lazy.Engine.Options;
        Assert.Equal((long.MaxValue, 7, "kept", 1024L), (lazy.Engine.CompileLimit.Most, options.CacheEntries, options.CacheDirectory, options.CacheDirectoryBytes));
        await using var limited = await LazyRuntime.StartAsync(Settings.Of(("Plugins:Directory", sandbox.Directory), ("Execution:MaxCompiles", "1")), TestContext.Current.CancellationToken);
        Assert.Equal(2f, (Tensor.Ones([1], limited.Devices.Default) + 1).Item());
        Assert.Throws<CompileLimitException>(() => (Tensor.Ones([2], limited.Devices.Default) + 1).ToArray<float>());
    }

    [Fact]
    public async Task ACopyOfABackendComputesBesideIt()
    {
        sandbox.Add(Reference);
        sandbox.Add(Reference, "Acme.Other");
        await using var lazy = await LazyRuntime.StartAsync(Settings.Of(("Plugins:Directory", sandbox.Directory)), TestContext.Current.CancellationToken);
        foreach (var device in new[] { "reference:0", "other:0" })
            Assert.Equal(new[] { 3f }, await (Tensor.From(new[] { 1f }, [1], lazy.Devices.Get(device)) + 2).ToArrayAsync<float>(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("DefaultDevice", "LazyHost:DefaultDevice is good, but there is no such device.")]
    [InlineData("Fallback:Chain:0", "LazyHost:Fallback:Chain names good, but there is no such backend.")]
    public async Task ANamedBackendThatIsNotThereStopsTheStart(string setting, string message)
    {
        sandbox.Add(Reference);
        sandbox.Add("TestPlugin.Good");
        using var host = Build((setting, "good"), ("Backends:good:FailIn", "Backend"));
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("TestPlugin.Good: refused at stage Probe: TestPlugin.OwnException: no driver", error.Message, StringComparison.Ordinal);
        Assert.Contains("LazyHost.Backends.Reference: reference:0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Settings", "LazyHost:Backends:good has settings, but the plugin was refused at stage Configure: LazyHost:Backends:good:Size must be at least 1")]
    [InlineData("Backend", "LazyHost:Backends:good has settings, but the plugin was refused at stage Probe: TestPlugin.OwnException: no driver")]
    public async Task ABackendWithSettingsThatIsRefusedStopsTheStart(string where, string message)
    {
        sandbox.Add(Reference);
        sandbox.Add("TestPlugin.Good");
        var settings = Settings.Of(("Plugins:Directory", sandbox.Directory), ("Backends:good:FailIn", where));
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => LazyRuntime.StartAsync(settings, TestContext.Current.CancellationToken));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABackendWithSettingsThatCannotBeInspectedStopsTheStart()
    {
        sandbox.Add(Reference);
        Directory.CreateDirectory(Path.Combine(sandbox.Directory, "TestPlugin.Good"));
        var settings = Settings.Of(("Plugins:Directory", sandbox.Directory), ("Backends:good:Size", "1"));
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => LazyRuntime.StartAsync(settings, TestContext.Current.CancellationToken));
        Assert.StartsWith("LazyHost:Backends:good has settings, but the plugin was refused at stage Discover: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Allow")]
    [InlineData("Forbid")]
    public async Task WhatABackendCannotRunFallsBackWhereThatIsAllowed(string policy)
    {
        sandbox.Add(Reference);
        sandbox.Add("TestPlugin.Good");
        await using var lazy = await LazyRuntime.StartAsync(Settings.Of(("Plugins:Directory", sandbox.Directory), ("Fallback:Policy", policy)), TestContext.Current.CancellationToken);
        var sum = Tensor.From(new[] { 1f }, [1], lazy.Devices.Get("good:0")) + 1;
        var error = await Record.ExceptionAsync(() => sum.ToArrayAsync<float>(TestContext.Current.CancellationToken));
        // The null backend has no memory either: a run that falls back gets as far as asking it for some.
        Assert.IsType(policy == "Forbid" ? typeof(UnsupportedOperatorException) : typeof(DeviceMemoryException), error);
    }

    [Fact]
    public async Task WhatEachBackendLacksIsLogged()
    {
        sandbox.Add(Reference);
        sandbox.Add("TestPlugin.Good");
        var log = new LogList();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddConfiguration(Settings.Of(("Plugins:Directory", sandbox.Directory)));
        builder.Logging.AddProvider(log);
        builder.Services.AddLazyHost(builder.Configuration.GetSection("LazyHost"));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith("itself runs all operators", await log.FindAsync("reference:0 (backend 'LazyHost.Backends.Reference')"), StringComparison.Ordinal);
        var good = await log.FindAsync("good:0 (backend 'TestPlugin.Good')");
        Assert.Matches("itself runs all operators but [0-9]+: abs, add, all, .* and [0-9]+ more run on reference:0$", good);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ADefaultThatIsDisabledSaysSo()
    {
        sandbox.Add("TestPlugin.Good");
        using var host = Build(("DefaultDevice", "good:0"), ("Plugins:Enabled:0", "others"));
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("TestPlugin.Good: disabled by Plugins:Enabled", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongSettingsStopTheStart()
    {
        using var host = Build(("Execution:QueueDepth", "0"));
        Assert.Contains("QueueDepth", (await Assert.ThrowsAsync<ConfigurationException>(() => host.StartAsync(TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARuntimeWithoutPluginsHasNoDevice()
    {
        await using var lazy = await LazyRuntime.StartAsync(Settings.Of(("Plugins:Directory", sandbox.Directory)), TestContext.Current.CancellationToken);
        Assert.Contains($"No plugin was found in {sandbox.Directory}", Assert.Throws<UnknownDeviceException>(() => lazy.Devices.Default).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthTellsComputingDevicesFromOthers()
    {
        sandbox.Add(Reference);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
        sandbox.AddEmpty("Nothing");
        var degraded = await CheckAsync();
        Assert.Equal(HealthStatus.Degraded, degraded.Status);
        Assert.Equal(["Nothing", "reference:0"], degraded.Data.Keys.Order(StringComparer.Ordinal));
        sandbox.Add("TestPlugin.Good");
        var unhealthy = await CheckAsync();
        Assert.Equal(HealthStatus.Unhealthy, unhealthy.Status);
        Assert.Contains("good:0", unhealthy.Description, StringComparison.Ordinal);
        Assert.Equal("ok", unhealthy.Data["reference:0"]);
    }

    private async Task<HealthReportEntry> CheckAsync()
    {
        using var host = Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
        return report.Entries["lazyhost"];
    }

    [Fact]
    public void AStoppedHostLeavesNoPluginInMemory()
    {
        sandbox.Add(Reference);
        var (context, host) = RunAndStop();
        for (var i = 0; i < 20 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(context.IsAlive, "something still refers to the plugin");
        host.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (WeakReference Context, IHost Host) RunAndStop()
    {
        var host = Build();
        var context = Task.Run(async () =>
        {
            await host.StartAsync();
            var plugins = host.Services.GetRequiredService<PluginHost>();
            var weak = new WeakReference(AssemblyLoadContext.GetLoadContext(plugins.Plugins[0].Backends[0].GetType().Assembly));
            var x = Tensor.From([1f, 2f, 3f, 4f], [2, 2], host.Services.GetRequiredService<IDeviceCatalog>().Default);
            Assert.Equal(new[] { 7f, 10f, 15f, 22f }, await x.MatMul(x).ToArrayAsync<float>());
            await host.StopAsync();
            return weak;
        }).GetAwaiter().GetResult();
        return (context, host);
    }

    public void Dispose() => sandbox.Dispose();
}
