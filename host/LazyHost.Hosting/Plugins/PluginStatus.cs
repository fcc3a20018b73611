namespace LazyHost.Hosting;

/// <summary>What became of a folder in the plugin directory.</summary>
public enum PluginStatus
{
    /// <summary>Its devices can be used.</summary>
    Loaded,
    /// <summary>The setting <c>Plugins:Enabled</c> leaves it out.</summary>
    Disabled,
    /// <summary>It failed at a stage, for a reason.</summary>
    Refused,
    /// <summary>It was loaded, and has been disposed since.</summary>
    Unloaded,
}
