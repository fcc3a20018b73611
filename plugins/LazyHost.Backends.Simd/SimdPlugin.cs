using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LazyHost.Backends.Simd;

/// <summary>The entry point of the CPU backend.</summary>
public sealed class SimdPlugin : IBackendPlugin
{
    /// <inheritdoc/>
    public string Id => "simd";

    /// <inheritdoc/>
    public void Configure(IServiceCollection services, IConfigurationSection configuration)
    {
        var settings = SimdSettings.Read(configuration);
        services.AddSingleton<IBackend>(_ => new SimdBackend(settings));
    }
}
