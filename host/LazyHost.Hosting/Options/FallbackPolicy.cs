namespace LazyHost.Hosting;

/// <summary>Whether other backends may run what a device's own backend cannot.</summary>
public enum FallbackPolicy
{
    /// <summary>They may, in the order of the chain.</summary>
    Allow,
    /// <summary>They may not: such an operator is an error.</summary>
    Forbid,
}
