namespace LazyHost;

/// <summary>A key of the cache with its program, or with the compilation that will give it one. Guarded by the cache's lock.</summary>
internal sealed class CacheEntry(UInt128 hash, long[] key)
{
    public UInt128 Hash { get; } = hash;

    public long[] Key { get; } = key;

    public CachedComputation? Value { get; set; }

    /// <summary>The compilation under way; null once there is a value.</summary>
    public PendingCompilation? Pending { get; set; } = new();

    /// <summary>Its place among those last used.</summary>
    public LinkedListNode<CacheEntry>? Node { get; set; }

    /// <summary>Another key with the same hash.</summary>
    public CacheEntry? Next { get; set; }

    public int Pins { get; set; }
}
