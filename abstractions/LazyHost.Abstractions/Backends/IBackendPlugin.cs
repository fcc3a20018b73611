using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LazyHost.Backends;

/// <summary>The entry point of a plugin: one public class with a parameterless constructor in the assembly named like its folder.</summary>
public interface IBackendPlugin
{
    /// <summary>The plugin's name in settings: its section is <c>LazyHost:Backends:{Id}</c>.</summary>
    string Id { get; }

    /// <summary>Registers an <see cref="IBackend"/>, or one for each kind of device, and what they need into a container of the plugin's own, which already offers logging and a TimeProvider.</summary>
    /// <exception cref="ConfigurationException">A setting cannot be taken.</exception>
    void Configure(IServiceCollection services, IConfigurationSection configuration);
}
