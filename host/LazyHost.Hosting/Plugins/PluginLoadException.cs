namespace LazyHost.Hosting;

/// <summary>A folder in the plugin directory that did not become a backend: where it stopped, and why.</summary>
public sealed class PluginLoadException(PluginStage stage, string folder, string reason)
    : PluginException($"plugin '{Path.GetFileName(folder)}' was refused at stage {stage}: {reason} ({folder})")
{
    /// <summary>The stage it stopped at.</summary>
    public PluginStage Stage { get; } = stage;

    /// <summary>The folder's full path.</summary>
    public string Folder { get; } = folder;

    /// <summary>What was wrong, and what to do.</summary>
    public string Detail { get; } = reason;

    /// <summary>The plugin's Id, where it came as far as saying it.</summary>
    internal string? Id { get; init; }
}
