namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>What an update does to an element.</summary>
internal enum ScatterMode
{
    Write,
    Add,
    /// <summary>The sum of truth values.</summary>
    Or,
}
