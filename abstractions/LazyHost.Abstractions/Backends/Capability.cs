namespace LazyHost.Backends;

/// <summary>How a backend would run a node.</summary>
public enum Capability
{
    /// <summary>Not at all.</summary>
    No,
    /// <summary>By its decomposition, each part of which the host then asks about. For a primitive this means no.</summary>
    Decompose,
    /// <summary>As it is.</summary>
    Whole,
}
