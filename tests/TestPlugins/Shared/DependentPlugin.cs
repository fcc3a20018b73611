using LazyHost.Backends;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TestPlugin;

/// <summary>Names its device by what its private dependency says.</summary>
public sealed class DependentPlugin : IBackendPlugin
{
    public string Id => typeof(DependentPlugin).Assembly.GetName().Name!.Split('.')[^1].ToLowerInvariant();

    public void Configure(IServiceCollection services, IConfigurationSection configuration) =>
        services.AddSingleton<IBackend>(_ => new NullBackend(Id, TestDependency.Library.Name));
}
