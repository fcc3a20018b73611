using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LazyHost.Backends.Reference;

/// <summary>The plugin that offers the Reference backend. It has no settings.</summary>
public sealed class ReferencePlugin : IBackendPlugin
{
    /// <inheritdoc/>
    public string Id => "reference";

    /// <inheritdoc/>
    public void Configure(IServiceCollection services, IConfigurationSection configuration) => services.AddSingleton<IBackend, ReferenceBackend>();
}
