namespace LazyHost.Backends;

/// <summary>Options that change compiled programs; part of every key.</summary>
/// <param name="Fusion">False gives every node a kernel of its own, for debugging.</param>
/// <param name="AllowContraction">True lets a multiplication and an addition become one rounding.</param>
/// <param name="AnySize">True says that programs of other sizes will follow: code that serves them too is worth more than code for this one. Results are the same.</param>
public sealed record CompilationOptions(bool Fusion = true, bool AllowContraction = false, bool AnySize = false)
{
    /// <summary>The defaults.</summary>
    public static CompilationOptions Default { get; } = new();
}
