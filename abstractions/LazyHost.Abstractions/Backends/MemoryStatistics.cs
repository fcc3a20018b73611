namespace LazyHost.Backends;

/// <summary>The memory a backend holds on one device, in bytes.</summary>
/// <param name="InUse">In buffers handed out and not given back.</param>
/// <param name="Reserved">Taken from the device: in use, or pooled.</param>
/// <param name="Peak">The greatest <paramref name="InUse"/> so far.</param>
/// <param name="Buffers">The number of buffers handed out.</param>
public readonly record struct MemoryStatistics(long InUse, long Reserved, long Peak, long Buffers);
