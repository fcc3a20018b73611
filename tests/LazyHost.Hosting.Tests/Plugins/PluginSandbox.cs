using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace LazyHost.Hosting.Tests.Plugins;

/// <summary>A plugin directory of a test's own, filled with copies of the test plugins.</summary>
public sealed class PluginSandbox : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public string Directory => folder.Path;

    /// <summary>Copies a test plugin, or one of the real ones, under its own or another name. Returns its folder.</summary>
    public string Add(string plugin, string? name = null)
    {
        var source = Path.Combine(AppContext.BaseDirectory, plugin.StartsWith("TestPlugin.", StringComparison.Ordinal) ? "test-plugins" : "plugins", plugin);
        var target = AddEmpty(name ?? plugin);
        foreach (var file in System.IO.Directory.GetFiles(source))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file).Replace(plugin + ".", (name ?? plugin) + ".", StringComparison.Ordinal)));
        return target;
    }

    public string AddEmpty(string name) => System.IO.Directory.CreateDirectory(folder.File(name)).FullName;

    public string AddFile(string name, byte[] content)
    {
        var target = AddEmpty(name);
        File.WriteAllBytes(Path.Combine(target, name + ".dll"), content);
        return target;
    }

    /// <summary>Loads everything there, with settings such as <c>good:FailIn</c>.</summary>
    public async Task<PluginHost> LoadAsync(Dictionary<string, string?>? settings = null, params string[] enabled)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings?.ToDictionary(s => "LazyHost:Backends:" + s.Key, s => s.Value) ?? []).Build();
        var host = new PluginHost(new() { Directory = Directory, Enabled = enabled }, configuration.GetSection("LazyHost:Backends"), NullLoggerFactory.Instance, TimeProvider.System);
        await host.LoadAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public void Dispose() => folder.Dispose();
}
