using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LazyHost.Hosting;

/// <summary>Loads plugins before any other service starts; after all others have stopped, waits for running work as long as the host's shutdown may take, and
/// disposes everything.</summary>
internal sealed partial class LazyHostService(
    PluginHost plugins, LazyEngine engine, IOptions<LazyHostOptions> options, BackendSettings settings, ILogger<LazyHostService> logger) : IHostedLifecycleService
{
    private Task report = Task.CompletedTask;

    /// <summary>Loads the plugins and makes their devices. What each backend lacks is logged a little later: nobody has to wait for it.</summary>
    /// <exception cref="ConfigurationException">A setting is wrong, or a backend or the directory that a setting names is not there.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Plugins is { IsDirectorySet: true } wanted && !Directory.Exists(wanted.FullDirectory))
            throw new ConfigurationException($"{options.Value.Path}:Plugins:Directory is {wanted.Directory}, but there is no directory {wanted.FullDirectory}");
        await plugins.LoadAsync(cancellationToken).ConfigureAwait(false);
        foreach (var plugin in plugins.Plugins) plugin.AddTo(engine);
        RequireConfigured();
        RequireSpelling();
        if (logger.IsEnabled(LogLevel.Information)) report = Task.Run(ReportOperators, CancellationToken.None);
    }

    /// <summary>Waits for the devices until the token is cancelled, then disposes the plugins. A backend that is still at work stays loaded.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await report.ConfigureAwait(false);
        try { await engine.StopAsync(cancellationToken).ConfigureAwait(false); }
        finally { await plugins.DisposeAsync().ConfigureAwait(false); }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void ReportOperators()
    {
        foreach (var device in engine.Devices.DistinctBy(d => d.Id.Kind))
        {
            try { Operators(logger, device.Id, device.PluginId, OperatorReport.Describe(device.FindMissingOperators())); }
            catch (DeviceGoneException) { return; }
            catch (LazyHostException e) { OperatorsUnknown(logger, device.Id, e.Message); }
        }
    }

    private void RequireConfigured()
    {
        var path = options.Value.Path;
        if (options.Value.DefaultDevice is { } name && engine.Devices.All(d => d.Id != DeviceId.Parse(name)))
            throw new ConfigurationException($"{path}:DefaultDevice is {name}, but there is no such device. {PluginSummary.Describe(plugins)}");
        foreach (var kind in options.Value.Fallback.Chain ?? [])
            if (engine.Devices.All(d => d.Id.Kind != kind))
                throw new ConfigurationException($"{path}:Fallback:Chain names {kind}, but there is no such backend. {PluginSummary.Describe(plugins)}");
        // A backend with settings of its own is one the user counts on: nothing else takes its place in silence.
        var settings = plugins.Settings.GetChildren().Select(c => c.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (plugins.Reports.FirstOrDefault(r => r.Status == PluginStatus.Refused && settings.Contains(IdOf(r))) is { } refused)
            throw new ConfigurationException($"{path}:Backends:{IdOf(refused)} has settings, but the plugin was refused at stage {refused.Stage}: {refused.Reason}");
    }

    /// <summary>Settings that are almost those of a backend that is there would be without effect. Others may be for one that is not there just now.</summary>
    private void RequireSpelling()
    {
        string[] loaded = [.. plugins.Plugins.Select(p => p.Report.Id!)];
        string[] known = [.. plugins.Reports.Select(IdOf).Union(loaded, StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
        foreach (var child in settings.Section.GetChildren().Where(c => !loaded.Contains(c.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase) && Spelling.Nearest(child.Key, known) is { } near)
                throw new ConfigurationException($"{child.Path} is for no backend; did you mean {near}? Known are {string.Join(", ", known)}");
            UnusedSettings(logger, child.Path);
        }
    }

    /// <summary>Of a plugin that was refused before it could say its Id, the part of the folder's name that stands for it.</summary>
    private static string IdOf(PluginReport report) => report.Id ?? PluginInspection.LastPart(report.Name).ToLowerInvariant();

    [LoggerMessage(112, LogLevel.Information, "{Device} (backend '{Plugin}') itself runs {Operators}")]
    private static partial void Operators(ILogger logger, DeviceId device, string plugin, string operators);

    [LoggerMessage(113, LogLevel.Warning, "What {Device} can run is unknown: {Reason}")]
    private static partial void OperatorsUnknown(ILogger logger, DeviceId device, string reason);

    [LoggerMessage(110, LogLevel.Information, "{Path} is for a backend that is not loaded")]
    private static partial void UnusedSettings(ILogger logger, string path);
}
