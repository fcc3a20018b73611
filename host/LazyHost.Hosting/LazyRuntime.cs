using LazyHost.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LazyHost;

/// <summary>LazyHost without a container: plugins, devices and caches as <c>appsettings.json</c> beside the program says. Dispose it to unload everything.</summary>
public sealed class LazyRuntime : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private LazyRuntime(ServiceProvider services) => this.services = services;

    /// <summary>The devices.</summary>
    public IDeviceCatalog Devices => services.GetRequiredService<IDeviceCatalog>();

    /// <summary>What became of each plugin.</summary>
    public IReadOnlyList<PluginReport> Plugins => services.GetRequiredService<PluginHost>().Reports;

    /// <summary>The engine, with its metrics.</summary>
    public LazyEngine Engine => services.GetRequiredService<LazyEngine>();

    /// <summary>Reads <c>appsettings.json</c> beside the program where there is one, then environment variables such as <c>LazyHost__DefaultDevice</c>, and starts.</summary>
    /// <exception cref="ConfigurationException">The file is malformed, a setting is wrong, or a backend that a setting names is not there.</exception>
    public static Task<LazyRuntime> StartAsync(CancellationToken cancellationToken = default) =>
        StartAsync(SettingsFile.Load(Path.Combine(AppContext.BaseDirectory, "appsettings.json")), cancellationToken);

    /// <summary>Starts with a configuration that has, or is, the section <c>LazyHost</c>.</summary>
    /// <exception cref="ConfigurationException">A setting is wrong, or a backend that a setting names is not there.</exception>
    public static async Task<LazyRuntime> StartAsync(IConfiguration configuration, CancellationToken cancellationToken = default)
    {
        var runtime = new LazyRuntime(new ServiceCollection().AddLazyHost(configuration).BuildServiceProvider());
        try
        {
            foreach (var service in runtime.services.GetServices<IHostedService>().OfType<LazyHostService>()) await service.StartingAsync(cancellationToken).ConfigureAwait(false);
            return runtime;
        }
        catch
        {
            await runtime.services.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits for running work, disposes the devices and unloads the plugins.</summary>
    public async ValueTask DisposeAsync() => await services.DisposeAsync().ConfigureAwait(false);
}
