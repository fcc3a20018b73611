using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LazyHost.Backends.Ilgpu;

/// <summary>The entry point of the GPU backends: one for each kind of device that is looked for.</summary>
public sealed class IlgpuPlugin : IBackendPlugin
{
    /// <inheritdoc/>
    public string Id => "ilgpu";

    /// <inheritdoc/>
    public void Configure(IServiceCollection services, IConfigurationSection configuration)
    {
        var settings = IlgpuSettings.Read(configuration);
        foreach (var type in settings.Types) services.AddSingleton<IBackend>(_ => new IlgpuBackend(type, settings));
    }
}
