using LazyHost.Backends;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TestPlugin;

public sealed class Plugin : IBackendPlugin
{
    public Plugin() => throw new InvalidOperationException("the constructor has a bad day");

    public string Id => "throwing";

    public void Configure(IServiceCollection services, IConfigurationSection configuration) => services.AddSingleton<IBackend>(new NullBackend(Id, "null"));
}
