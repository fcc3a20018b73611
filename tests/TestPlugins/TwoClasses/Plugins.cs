using LazyHost.Backends;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TestPlugin;

public class First : IBackendPlugin
{
    public string Id => "first";

    public void Configure(IServiceCollection services, IConfigurationSection configuration) => services.AddSingleton<IBackend>(new NullBackend(Id, "null"));
}

public sealed class Second : First;
