namespace LazyHost.Backends;

/// <summary>Options that change compiled programs; part of every key.</summary>
/// <param name="Fusion">False gives every node a kernel of its own, for debugging.</param>
/// <param name="AllowContraction">True lets a multiplication and an addition become one rounding.</param>
public sealed record CompilationOptions(bool Fusion = true, bool AllowContraction = false)
{
    /// <summary>The defaults.</summary>
    public static CompilationOptions Default { get; } = new();
}
