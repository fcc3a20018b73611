namespace LazyHost.Hosting;

/// <summary>Settings under <c>LazyHost:Fallback</c>.</summary>
public sealed class FallbackOptions
{
    /// <summary>Whether other backends may run what the device's own cannot.</summary>
    public FallbackPolicy Policy { get; set; } = FallbackPolicy.Allow;

    /// <summary>The kinds of the backends to ask, in this order. Each must be loaded.</summary>
    public IList<string> Chain { get; set; } = [];
}
