namespace LazyHost.Backends.Simd.Calls;

/// <summary>What a scatter does at its place.</summary>
internal enum ScatterMode
{
    Write, Add,
    /// <summary>Adding truth values.</summary>
    Or,
}
