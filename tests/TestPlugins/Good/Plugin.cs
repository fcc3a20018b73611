using LazyHost;
using LazyHost.Backends;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TestPlugin;

/// <summary>Works, unless its settings tell it to fail somewhere.</summary>
public sealed class Plugin : IBackendPlugin
{
    public string Id => "good";

    public void Configure(IServiceCollection services, IConfigurationSection configuration)
    {
        if (configuration["FailIn"] == "Configure") throw new OwnException("no settings please me");
        if (configuration["FailIn"] == "Settings") throw new ConfigurationException($"{configuration.Path}:Size must be at least 1");
        if (configuration["FailIn"] == "Registration") return;
        services.AddSingleton<IBackend>(provider => configuration["FailIn"] switch
        {
            "Backend" => throw new OwnException("no driver", new InvalidOperationException("because of the version")),
            "TypeInitializer" => new NullBackend("good", ThrowingType.Name),
            "Dispose" => new NullBackend("good", "null", new OwnException("the device is stuck")),
            _ => Make(provider, configuration["Kind"] ?? "good"),
        });
    }

    private static NullBackend Make(IServiceProvider provider, string kind)
    {
        provider.GetRequiredService<ILogger<Plugin>>().LogInformation("made at {Time}", provider.GetRequiredService<TimeProvider>().GetUtcNow());
        return new(kind, "null");
    }
}
