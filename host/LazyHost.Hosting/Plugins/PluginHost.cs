using System.IO.Enumeration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace LazyHost.Hosting;

/// <summary>
/// Loads the plugins of a directory, each isolated from the host and from the others: whatever one does wrong is recorded in its <see cref="PluginReport"/>
/// and harms nobody else. Not for use by several threads at once.
/// </summary>
/// <param name="options">Where plugins lie, and which are wanted.</param>
/// <param name="backends">The section <c>LazyHost:Backends</c>, of which each plugin is given the part named by its Id.</param>
/// <param name="loggers">Given to plugins, and used for the host's own messages.</param>
/// <param name="time">Given to plugins.</param>
public sealed class PluginHost(PluginOptions options, IConfiguration backends, ILoggerFactory loggers, TimeProvider time) : IAsyncDisposable
{
    private readonly ILogger logger = loggers.CreateLogger<PluginHost>();
    private readonly List<LoadedPlugin> plugins = [];
    private readonly List<PluginReport> reports = [];

    internal IConfiguration Settings => backends;

    /// <summary>True for a plugin whose code runs although everything was stopped: it must stay loaded.</summary>
    internal Predicate<string> IsAtWork { get; set; } = static _ => false;

    /// <summary>The directory that was searched.</summary>
    public string Directory => options.FullDirectory;

    /// <summary>The loaded plugins, in the order of their folders' names.</summary>
    public IReadOnlyList<LoadedPlugin> Plugins => plugins;

    /// <summary>What became of every folder, in the order of their names.</summary>
    public IReadOnlyList<PluginReport> Reports => reports;

    /// <summary>
    /// Loads what is there. To be called once. A directory that does not exist holds no plugins. Where two backends declare the same kind of device, the one
    /// whose folder has its assembly's own name keeps it, and the other's kind is the last part of its folder's name.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled between two plugins.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken = default)
    {
        var inspected = new List<PluginInspection>();
        if (!System.IO.Directory.Exists(Directory)) PluginLog.NoDirectory(logger, Directory);
        else foreach (var folder in System.IO.Directory.GetDirectories(Directory))
        {
            if (!IsEnabled(Path.GetFileName(folder))) reports.Add(new() { Folder = folder, Status = PluginStatus.Disabled });
            else if (Inspect(folder) is { } inspection) inspected.Add(inspection);
        }
        foreach (var inspection in inspected.OrderBy(i => i.Name != i.Metadata.Name).ThenBy(i => i.Name, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await LoadAsync(inspection).ConfigureAwait(false);
        }
        reports.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
    }

    /// <summary>Disposes one plugin and unloads its code.</summary>
    /// <exception cref="PluginException">The plugin is not one of this host's, or failed to dispose; in the latter case it is unloaded all the same.</exception>
    public async Task UnloadAsync(LoadedPlugin plugin)
    {
        if (!plugins.Remove(plugin)) throw new PluginException($"plugin '{plugin.Report.Name}' is not loaded by this host");
        reports[reports.IndexOf(plugin.Report)] = plugin.Report with { Status = PluginStatus.Unloaded };
        await plugin.DisposeAsync().ConfigureAwait(false);
        PluginLog.Unloaded(logger, plugin.Report.Name);
    }

    /// <summary>Unloads every plugin; what fails to dispose is logged. A plugin whose backend is still at work in a stopped <see cref="LazyEngine"/> stays loaded.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var plugin in plugins.AsEnumerable().Reverse().Where(p => !IsAtWork(p.Report.Name)).ToList())
        {
            try { await UnloadAsync(plugin).ConfigureAwait(false); }
            catch (PluginException e) { PluginLog.DisposeFailed(logger, e.Message); }
        }
    }

    private bool IsEnabled(string name) => options.Enabled.Count == 0
        || options.Enabled.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name) || FileSystemName.MatchesSimpleExpression(pattern, PluginInspection.LastPart(name)));

    private PluginInspection? Inspect(string folder)
    {
        try { return PluginInspection.Inspect(folder); }
        catch (PluginLoadException e) { Refuse(e, null); }
        catch (Exception e) { Refuse(new(PluginStage.Inspect, folder, PluginErrors.Describe(e)), null); }
        return null;
    }

    private async Task LoadAsync(PluginInspection inspection)
    {
        try
        {
            var plugin = await LoadedPlugin.LoadAsync(inspection, backends, loggers, time, kind => !plugins.Exists(p => p.Report.Backends.Any(b => b.Kind == kind))).ConfigureAwait(false);
            plugins.Add(plugin);
            reports.Add(plugin.Report);
            foreach (var backend in plugin.Report.Backends)
            {
                PluginLog.Loaded(logger, plugin.Report.Name, plugin.Report.Version, backend.Kind, backend.Devices.Count);
                foreach (var note in backend.Notes) PluginLog.Note(logger, plugin.Report.Name, backend.Kind, note);
            }
        }
        catch (PluginLoadException e) { Refuse(e, inspection.Metadata.Version); }
    }

    private void Refuse(PluginLoadException error, string? version)
    {
        PluginLog.Refused(logger, error.Message);
        reports.Add(new() { Folder = error.Folder, Status = PluginStatus.Refused, Id = error.Id, Stage = error.Stage, Reason = error.Detail, Version = version });
    }
}
