namespace LazyHost.Hosting;

/// <summary>The settings of LazyHost: the section <c>LazyHost</c>. Read once, when the host starts; a change needs a restart.</summary>
public sealed class LazyHostOptions
{
    /// <summary>The device <see cref="IDeviceCatalog.Default"/> stands for, such as <c>simd:0</c>. A start-up error where it is named and not found. Null takes
    /// <c>simd:0</c>, or the first device where that is not there.</summary>
    public string? DefaultDevice { get; set; }

    /// <summary>Where plugins lie.</summary>
    public PluginOptions Plugins { get; } = new();

    /// <summary>What happens to operators the device's backend cannot run.</summary>
    public FallbackOptions Fallback { get; } = new();

    /// <summary>The cache of compiled segments.</summary>
    public ComputationCacheOptions ComputationCache { get; } = new();

    /// <summary>The cache of small values on devices.</summary>
    public DataCacheOptions DataCache { get; } = new();

    /// <summary>How steps run.</summary>
    public ExecutionOptions Execution { get; } = new();

    /// <summary>What is written down for finding faults.</summary>
    public DiagnosticsOptions Diagnostics { get; } = new();

    /// <summary>The section's path, for messages.</summary>
    internal string Path { get; set; } = "LazyHost";

    /// <summary>What was wrong with the section's text; reported with everything else that is wrong.</summary>
    internal List<string> Faults { get; } = [];
}
