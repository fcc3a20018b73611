namespace LazyHost;

/// <summary>The figures of a <see cref="ComputationCache"/> at one moment.</summary>
/// <param name="Entries">Programs kept.</param>
/// <param name="Bytes">The memory they hold, as backends and keys report it.</param>
/// <param name="Pinned">Programs of those that are pinned.</param>
/// <param name="Hits">Look-ups that found a program.</param>
/// <param name="Misses">Look-ups that had a program compiled. One that waited for another's compilation is a hit.</param>
/// <param name="Evictions">Programs dropped to stay within the limits.</param>
/// <param name="Waiting">Callers that wait at this moment for a compilation, their own or another's.</param>
/// <param name="CompileTime">The time all compilations took that ended well.</param>
public readonly record struct CacheStatistics(int Entries, long Bytes, int Pinned, long Hits, long Misses, long Evictions, int Waiting, TimeSpan CompileTime);
