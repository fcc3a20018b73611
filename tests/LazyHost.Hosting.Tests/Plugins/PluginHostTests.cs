namespace LazyHost.Hosting.Tests.Plugins;

public sealed class PluginHostTests : IDisposable
{
    private readonly PluginSandbox sandbox = new();

    private async Task<PluginReport> OnlyReport(Dictionary<string, string?>? settings = null)
    {
        // A good neighbour must not be harmed, whatever the plugin under test does.
        sandbox.Add("TestPlugin.UsesOne");
        await using var host = await sandbox.LoadAsync(settings);
        Assert.Equal(PluginStatus.Loaded, host.Reports.Single(r => r.Name == "TestPlugin.UsesOne").Status);
        return host.Reports.Single(r => r.Name != "TestPlugin.UsesOne");
    }

    private async Task AssertRefused(PluginStage stage, string reason, Dictionary<string, string?>? settings = null)
    {
        var report = await OnlyReport(settings);
        Assert.Equal(PluginStatus.Refused, report.Status);
        Assert.Contains(reason, report.Reason, StringComparison.Ordinal);
        Assert.Equal(stage, report.Stage);
        Assert.Empty(report.Backends);
    }

    [Fact]
    public async Task AGoodPluginIsLoaded()
    {
        sandbox.Add("TestPlugin.Good");
        var report = await OnlyReport();
        Assert.Equal((PluginStatus.Loaded, null, null), (report.Status, report.Stage, report.Reason));
        Assert.Equal(("good", "good", "0.1.0"), (report.Id, report.Backends[0].Kind, report.Version));
        var device = Assert.Single(Assert.Single(report.Backends).Devices);
        Assert.Equal("null", device.Name);
        Assert.Equal("none", device.Details["abilities"]);
    }

    [Fact]
    public async Task AnEmptyFolderIsRefused()
    {
        sandbox.AddEmpty("Nothing.Here");
        await AssertRefused(PluginStage.Discover, "there is no Nothing.Here.dll");
    }

    [Fact]
    public async Task AnEmptyFileIsRefused()
    {
        sandbox.AddFile("Empty", []);
        await AssertRefused(PluginStage.Inspect, "Empty.dll is empty");
    }

    [Theory]
    [InlineData(new byte[] { 0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0 })]
    [InlineData(new byte[] { 0x4D, 0x5A, 0x90, 0, 3, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 2, 3 })]
    public async Task AFileThatIsNoAssemblyIsRefused(byte[] content)
    {
        sandbox.AddFile("Native", content);
        await AssertRefused(PluginStage.Inspect, "Native.dll is not a readable .NET assembly");
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(4000)]
    public async Task ATruncatedAssemblyIsRefused(int bytes)
    {
        var dll = Path.Combine(sandbox.Add("TestPlugin.Good"), "TestPlugin.Good.dll");
        File.WriteAllBytes(dll, File.ReadAllBytes(dll)[..bytes]);
        var report = await OnlyReport();
        Assert.Equal(PluginStatus.Refused, report.Status);
        Assert.NotNull(report.Reason);
    }

    [Theory]
    [InlineData(2, 0, "built for contract 2.0, this host has 1.0: update the host")]
    [InlineData(0, 9, "built for contract 0.9, this host has 1.0: rebuild the plugin")]
    [InlineData(1, 7, "needs contract 1.7, this host has 1.0: update the host")]
    public async Task AnotherContractIsRefusedBeforeLoading(int major, int minor, string reason)
    {
        var dll = Path.Combine(sandbox.Add("TestPlugin.Good"), "TestPlugin.Good.dll");
        var content = File.ReadAllBytes(dll);
        // The stamp in metadata: prolog, major and minor as 32-bit integers, no named arguments.
        var stamp = content.AsSpan().IndexOf((byte[])[1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        content[stamp + 2] = (byte)major;
        content[stamp + 6] = (byte)minor;
        File.WriteAllBytes(dll, content);
        await AssertRefused(PluginStage.Inspect, reason);
    }

    [Fact]
    public async Task AnAssemblyWithoutTheContractIsRefused()
    {
        var library = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "test-plugins", "TestPlugin.UsesOne", "TestDependency.dll"));
        sandbox.AddFile("TestDependency", library);
        await AssertRefused(PluginStage.Inspect, "TestDependency carries no [assembly: LazyHostContract]");
    }

    [Theory]
    [InlineData("LazyHost.Abstractions.dll")]
    [InlineData("LazyHost.Operators.dll")]
    public async Task AContractAssemblyInTheFolderIsRefused(string contract)
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, contract), Path.Combine(sandbox.Add("TestPlugin.Good"), contract));
        await AssertRefused(PluginStage.Inspect, $"{contract} must not be in a plugin's folder");
    }

    [Fact]
    public async Task AMissingDependencyIsNamedBeforeLoading()
    {
        File.Delete(Path.Combine(sandbox.Add("TestPlugin.UsesTwo"), "TestDependency.dll"));
        await AssertRefused(PluginStage.Inspect, "missing dependencies: TestDependency 2.0.0.0 (needed by TestPlugin.UsesTwo)");
    }

    [Theory]
    [InlineData("TestPlugin.NoClass", PluginStage.Load, "TestPlugin.NoClass has no public class that implements IBackendPlugin")]
    [InlineData("TestPlugin.TwoClasses", PluginStage.Load, "TestPlugin.First, TestPlugin.Second")]
    [InlineData("TestPlugin.ThrowingConstructor", PluginStage.Configure, "System.InvalidOperationException: the constructor has a bad day")]
    public async Task AWrongPluginClassIsRefused(string plugin, PluginStage stage, string reason)
    {
        sandbox.Add(plugin);
        await AssertRefused(stage, reason);
    }

    [Theory]
    [InlineData("Configure", PluginStage.Configure, "TestPlugin.OwnException: no settings please me")]
    [InlineData("Settings", PluginStage.Configure, "LazyHost:Backends:good:Size must be at least 1")]
    [InlineData("Registration", PluginStage.Probe, "Configure registered no IBackend service, but must register one, or one for each kind of device")]
    [InlineData("Backend", PluginStage.Probe, "TestPlugin.OwnException: no driver <- System.InvalidOperationException: because of the version")]
    [InlineData("TypeInitializer", PluginStage.Probe, "the type initializer gave up")]
    public async Task APluginThatFailsIsRefusedWithItsOwnWords(string where, PluginStage stage, string reason)
    {
        sandbox.Add("TestPlugin.Good");
        await AssertRefused(stage, reason, new() { ["good:FailIn"] = where });
    }

    [Theory]
    [InlineData("GPU 1")]
    [InlineData("Cuda")]
    [InlineData("")]
    public async Task AKindThatIsNoNameIsRefused(string kind)
    {
        sandbox.Add("TestPlugin.Good");
        await AssertRefused(PluginStage.Probe, $"the backend's kind '{kind}' may hold", new() { ["good:Kind"] = kind });
    }

    [Fact]
    public async Task TwoVersionsOfADependencyRunSideBySide()
    {
        sandbox.Add("TestPlugin.UsesOne");
        sandbox.Add("TestPlugin.UsesTwo");
        await using var host = await sandbox.LoadAsync();
        Assert.Equal(["version 1 of the library", "version 2 of the library"], host.Reports.Select(r => r.Backends[0].Devices.Single().Name));
    }

    [Fact]
    public async Task ACopyUnderAnotherNameIsAPluginOfItsOwn()
    {
        sandbox.Add("TestPlugin.Good");
        sandbox.Add("TestPlugin.Good", "Acme.Better");
        await using var host = await sandbox.LoadAsync();
        Assert.Equal([("Acme.Better", "better"), ("TestPlugin.Good", "good")], host.Reports.Select(r => (r.Name, r.Backends[0].Kind)));
        Assert.Equal(2, host.Plugins.Select(p => p.Backends[0].GetType()).Distinct().Count());
    }

    [Fact]
    public async Task AKindThatNothingCanStandForIsRefused()
    {
        sandbox.Add("TestPlugin.Good");
        sandbox.Add("TestPlugin.Good", "Acme.Good");
        await AssertRefusedAmong("Acme.Good", "another plugin offers devices of kind 'good'");
    }

    private async Task AssertRefusedAmong(string name, string reason)
    {
        await using var host = await sandbox.LoadAsync();
        var report = host.Reports.Single(r => r.Name == name);
        Assert.Equal((PluginStatus.Refused, PluginStage.Probe), (report.Status, report.Stage!.Value));
        Assert.Contains(reason, report.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TestPlugin.Good", new[] { "TestPlugin.Good" })]
    [InlineData("good", new[] { "TestPlugin.Good" })]
    [InlineData("Uses*", new[] { "TestPlugin.UsesOne", "TestPlugin.UsesTwo" })]
    [InlineData("*", new[] { "TestPlugin.Good", "TestPlugin.UsesOne", "TestPlugin.UsesTwo" })]
    [InlineData("nobody", new string[0])]
    public async Task OnlyEnabledPluginsAreLoaded(string pattern, string[] loaded)
    {
        foreach (var plugin in new[] { "TestPlugin.Good", "TestPlugin.UsesOne", "TestPlugin.UsesTwo" }) sandbox.Add(plugin);
        await using var host = await sandbox.LoadAsync(null, pattern);
        Assert.Equal(loaded, host.Reports.Where(r => r.Status == PluginStatus.Loaded).Select(r => r.Name));
        Assert.Equal(3 - loaded.Length, host.Reports.Count(r => r.Status == PluginStatus.Disabled));
    }

    [Fact]
    public async Task TheBuildIdentityChangesWithAnyAssembly()
    {
        async Task<string> Identity()
        {
            await using var host = await sandbox.LoadAsync(null, "TestPlugin.Good");
            return Assert.Single(host.Plugins).Report.BuildIdentity!;
        }
        var folder = sandbox.Add("TestPlugin.Good");
        var alone = await Identity();
        Assert.Equal(alone, await Identity());
        File.Copy(Path.Combine(sandbox.Add("TestPlugin.UsesOne"), "TestDependency.dll"), Path.Combine(folder, "TestDependency.dll"));
        var withOne = await Identity();
        File.Copy(Path.Combine(sandbox.Add("TestPlugin.UsesTwo"), "TestDependency.dll"), Path.Combine(folder, "TestDependency.dll"), overwrite: true);
        Assert.Equal(3, new[] { alone, withOne, await Identity() }.Distinct().Count());
    }

    [Fact]
    public async Task ADirectoryThatIsNotThereHoldsNoPlugins()
    {
        Directory.Delete(sandbox.Directory);
        await using var host = await sandbox.LoadAsync();
        Assert.Empty(host.Reports);
        Directory.CreateDirectory(sandbox.Directory);
    }

    public void Dispose() => sandbox.Dispose();
}
