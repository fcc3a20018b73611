using LazyHost;
using LazyHost.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds LazyHost to a Generic Host.</summary>
public static class LazyHostServiceCollectionExtensions
{
    private const string SectionName = "LazyHost";

    /// <summary>
    /// Adds <see cref="IDeviceCatalog"/>, <see cref="Device"/> as a keyed service, <see cref="PluginHost"/>, <see cref="LazyEngine"/>, the options, a health
    /// check named <c>lazyhost</c>, and the service that loads plugins when the host starts. Everything can be replaced by registering it before.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The section <c>LazyHost</c>, or the root that has it.</param>
    public static IServiceCollection AddLazyHost(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration as IConfigurationSection ?? configuration.GetSection(SectionName);
        var setup = new LazyHostOptionsSetup(section, section.Path);
        services.AddSingleton<IConfigureOptions<LazyHostOptions>>(setup);
        services.AddSingleton<IValidateOptions<LazyHostOptions>>(setup);
        services.AddOptions<LazyHostOptions>().ValidateOnStart();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new BackendSettings(section.GetSection("Backends")));
        services.TryAddSingleton(provider => new PluginHost(
            provider.GetRequiredService<IOptions<LazyHostOptions>>().Value.Plugins, provider.GetRequiredService<BackendSettings>().Section,
            provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(MakeEngine);
        services.TryAddSingleton<IDeviceCatalog, DeviceCatalog>();
        services.TryAddKeyedTransient(KeyedService.AnyKey, (provider, key) => provider.GetRequiredService<IDeviceCatalog>().Get(key as string ?? key?.ToString() ?? ""));
        services.AddHostedService<LazyHostService>();
        services.AddHealthChecks().AddCheck<BackendsHealthCheck>("lazyhost");
        return services;
    }

    private static LazyEngine MakeEngine(IServiceProvider provider)
    {
        // The container disposes in reverse order: the engine must let go of the backends before the plugins go.
        var plugins = provider.GetRequiredService<PluginHost>();
        var options = provider.GetRequiredService<IOptions<LazyHostOptions>>().Value;
        var settings = new LazyEngineOptions
        {
            QueueDepth = options.Execution.QueueDepth,
            Mode = options.Execution.Mode,
            SegmentNodeLimit = options.Execution.SegmentNodeLimit,
            MemoryBudget = options.Execution.MemoryBudget,
            CacheEntries = options.ComputationCache.Entries,
            CacheBytes = options.ComputationCache.Bytes,
            CacheDirectory = options.ComputationCache.Directory,
            CacheDirectoryBytes = options.ComputationCache.DirectoryBytes,
            MaxCompiles = options.Execution.MaxCompiles is 0 ? long.MaxValue : options.Execution.MaxCompiles,
            DataCacheEntries = options.DataCache.EntriesPerDevice,
            FallbackChain = options.Fallback.Allowed,
            ForcedFallback = [.. options.Fallback.Force],
            DumpFile = options.Diagnostics.DumpFile,
            DumpFormat = options.Diagnostics.DumpFormat,
            Frames = options.Diagnostics.Frames,
        };
        LazyEngine engine;
        try { engine = new(settings, provider.GetRequiredService<ILoggerFactory>()); }
        catch (ConfigurationException e) { throw new ConfigurationException($"{options.Path}:Diagnostics:DumpFile: {e.Reason}", e); }
        plugins.IsAtWork = name => engine.StillRunning.Contains(name);
        return engine;
    }
}
