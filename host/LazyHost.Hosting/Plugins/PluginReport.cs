namespace LazyHost.Hosting;

/// <summary>What is known of one folder in the plugin directory. It holds nothing of the plugin itself, so that keeping it keeps no plugin loaded.</summary>
public sealed record PluginReport
{
    /// <summary>The folder's full path.</summary>
    public required string Folder { get; init; }

    /// <summary>What became of it.</summary>
    public required PluginStatus Status { get; init; }

    /// <summary>The folder's name, which is also that of its main assembly.</summary>
    public string Name => Path.GetFileName(Folder);

    /// <summary>The plugin's name in settings, or null where it was not loaded so far.</summary>
    public string? Id { get; init; }

    /// <summary>The main assembly's version, or null where it could not be read.</summary>
    public string? Version { get; init; }

    /// <summary>The stage at which it was refused, or null.</summary>
    public PluginStage? Stage { get; init; }

    /// <summary>Why it was refused, and what to do; or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Stands for all code the plugin was loaded with; or null where it was not loaded.</summary>
    public string? BuildIdentity { get; init; }

    /// <summary>Its backends: one for each kind of device it knows, whether there are such devices or not. Empty where it was not loaded.</summary>
    public IReadOnlyList<BackendReport> Backends { get; init; } = [];
}
