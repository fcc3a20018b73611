using Microsoft.Extensions.Logging;

namespace LazyHost.Hosting;

/// <summary>The plugin host's messages.</summary>
internal static partial class PluginLog
{
    [LoggerMessage(100, LogLevel.Information, "Plugin {Name} {Version} loaded: kind {Kind}, number of devices: {Devices}")]
    public static partial void Loaded(ILogger logger, string name, string? version, string kind, int devices);

    [LoggerMessage(105, LogLevel.Information, "Plugin {Name}, {Kind}: {Note}")]
    public static partial void Note(ILogger logger, string name, string kind, string note);

    [LoggerMessage(101, LogLevel.Warning, "{Message}")]
    public static partial void Refused(ILogger logger, string message);

    [LoggerMessage(102, LogLevel.Warning, "There is no plugin directory {Directory}: no backend can be loaded")]
    public static partial void NoDirectory(ILogger logger, string directory);

    [LoggerMessage(103, LogLevel.Information, "Plugin {Name} unloaded")]
    public static partial void Unloaded(ILogger logger, string name);

    [LoggerMessage(104, LogLevel.Error, "{Message}")]
    public static partial void DisposeFailed(ILogger logger, string message);
}
