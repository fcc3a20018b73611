using LazyHost.Backends;
using McMaster.NETCore.Plugins;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LazyHost.Hosting;

/// <summary>
/// A loaded plugin: its load context, its container and its backends. Disposing it disposes the backends, then the container, then unloads the code, which
/// leaves memory once nothing refers to it any more: take its backends out of the engine first.
/// </summary>
public sealed class LoadedPlugin : IAsyncDisposable
{
    private readonly PluginLoader loader;
    private ServiceProvider? container;
    private IReadOnlyList<IBackend>? backends;

    private LoadedPlugin(PluginLoader loader) => this.loader = loader;

    /// <summary>What is known of the plugin.</summary>
    public PluginReport Report { get; private set; } = null!;

    /// <summary>The backends, in the order of <see cref="PluginReport.Backends"/>. Hold them no longer than this object lives.</summary>
    /// <exception cref="DeviceGoneException">The plugin has been disposed.</exception>
    public IReadOnlyList<IBackend> Backends => backends ?? throw new DeviceGoneException($"plugin '{Report.Name}' has been unloaded");

    /// <summary>Adds the devices of its backends to an engine, which then owns them.</summary>
    /// <exception cref="DeviceGoneException">The plugin has been disposed.</exception>
    public void AddTo(LazyEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        foreach (var (backend, report) in Backends.Zip(Report.Backends)) engine.AddBackend(backend, Report.Name, Report.BuildIdentity!, report.Kind);
    }

    /// <summary>Stages Load to Probe.</summary>
    /// <exception cref="PluginLoadException">A stage failed; everything loaded so far has been given back.</exception>
    internal static async Task<LoadedPlugin> LoadAsync(PluginInspection inspection, IConfiguration backends, ILoggerFactory loggers, TimeProvider time, Predicate<string> isFree)
    {
        var stage = PluginStage.Load;
        LoadedPlugin? loaded = null;
        string? id = null;
        string reason;
        try
        {
            loaded = new(PluginLoader.CreateFromAssemblyFile(inspection.MainAssembly, isUnloadable: true, SharedAssemblies.Types));
            var type = FindPluginType(loaded.loader, inspection);
            stage = PluginStage.Configure;
            var plugin = (IBackendPlugin)Activator.CreateInstance(type)!;
            id = plugin.Id;
            var services = new ServiceCollection().AddSingleton(loggers).AddSingleton(typeof(ILogger<>), typeof(Logger<>)).AddSingleton(time);
            plugin.Configure(services, Snapshot(backends.GetSection(id)));
            stage = PluginStage.Probe;
            loaded.container = services.BuildServiceProvider();
            loaded.backends = FindBackends(loaded.container, inspection);
            loaded.Report = Probe(loaded.backends, id, inspection, isFree);
            return loaded;
        }
        catch (PluginLoadException) when (loaded is null) { throw; }
        catch (Exception e) { reason = e is PluginLoadException known ? known.Detail : PluginErrors.Describe(e); }
        if (loaded is not null) reason += await loaded.ReleaseAsync().ConfigureAwait(false);
        throw new PluginLoadException(stage, inspection.Folder, reason) { Id = id };
    }

    /// <summary>Disposes the backend and the container and unloads the plugin's code. Does nothing the second time.</summary>
    /// <exception cref="PluginException">The backend failed to dispose; the code is unloaded all the same.</exception>
    public async ValueTask DisposeAsync()
    {
        var reason = await ReleaseAsync().ConfigureAwait(false);
        if (reason.Length > 0) throw new PluginException($"plugin '{Report.Name}'{reason}");
    }

    private async Task<string> ReleaseAsync()
    {
        var reason = "";
        IAsyncDisposable?[] owned = [.. backends ?? [], container];
        (backends, container) = (null, null);
        for (var i = 0; i < owned.Length; i++)
        {
            try { if (owned[i] is { } disposable) await disposable.DisposeAsync().ConfigureAwait(false); }
            catch (Exception e) { reason += $"; it also failed to dispose: {PluginErrors.Describe(e)}"; }
            owned[i] = null;
        }
        loader.Dispose();
        return reason;
    }

    private static Type FindPluginType(PluginLoader loader, PluginInspection inspection)
    {
        var found = loader.LoadDefaultAssembly().GetTypes().Where(t => t is { IsClass: true, IsAbstract: false, IsVisible: true } && typeof(IBackendPlugin).IsAssignableFrom(t)).ToList();
        PluginLoadException Refuse(string reason) => new(PluginStage.Load, inspection.Folder, reason);
        return found switch
        {
            [] => throw Refuse($"{inspection.Metadata.Name} has no public class that implements {nameof(IBackendPlugin)}"),
            [var only] when only.GetConstructor(Type.EmptyTypes) is null => throw Refuse($"{only.FullName} has no public constructor without parameters"),
            [var only] => only,
            _ => throw Refuse($"{inspection.Metadata.Name} has several {nameof(IBackendPlugin)} classes, but only one may be public: {string.Join(", ", found.Select(t => t.FullName))}"),
        };
    }

    private static IReadOnlyList<IBackend> FindBackends(ServiceProvider container, PluginInspection inspection) =>
        container.GetServices<IBackend>().ToList() is { Count: > 0 } found ? found
            : throw new PluginLoadException(PluginStage.Probe, inspection.Folder, $"Configure registered no {nameof(IBackend)} service, but must register one, or one for each kind of device");

    /// <summary>Copies the section: a reload token would lead from the host's configuration to the plugin's code for ever.</summary>
    private static IConfigurationSection Snapshot(IConfigurationSection section) =>
        new ConfigurationBuilder().AddInMemoryCollection(section.AsEnumerable()).Build().GetSection(section.Path);

    private static PluginReport Probe(IReadOnlyList<IBackend> backends, string id, PluginInspection inspection, Predicate<string> isFree)
    {
        var reports = new List<BackendReport>();
        foreach (var backend in backends)
        {
            var kind = FreeKind(backend.Kind, inspection, other => isFree(other) && !reports.Exists(r => r.Kind == other));
            reports.Add(new(kind, [.. backend.Devices.Select(d => new DeviceDescription(d.Name, d.MemoryBytes, d.Details.ToDictionary()))], [.. backend.Notes]));
        }
        return new()
        {
            Folder = inspection.Folder,
            Status = PluginStatus.Loaded,
            Id = id,
            Version = inspection.Metadata.Version,
            BuildIdentity = inspection.BuildIdentity,
            Backends = reports,
        };
    }

    private static string FreeKind(string kind, PluginInspection inspection, Predicate<string> isFree)
    {
        PluginLoadException Refuse(string reason) => new(PluginStage.Probe, inspection.Folder, reason);
        if (!DeviceId.TryParse(kind, out var device) || device.Kind != kind) throw Refuse($"the backend's kind '{kind}' may hold lower-case letters, digits, '-' and '_' only");
        if (isFree(kind)) return kind;
        var other = PluginInspection.LastPart(inspection.Name).ToLowerInvariant();
        return DeviceId.TryParse(other, out _) && isFree(other) ? other
            : throw Refuse($"another plugin offers devices of kind '{kind}', and '{other}' cannot stand for it: rename the folder, or disable one of the two");
    }
}
