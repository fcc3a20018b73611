using LazyHost.Backends;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TestPlugin;

/// <summary>A plugin class that is not public, and so none.</summary>
internal sealed class Nothing : IBackendPlugin
{
    public string Id => "nothing";

    public void Configure(IServiceCollection services, IConfigurationSection configuration) { }
}
