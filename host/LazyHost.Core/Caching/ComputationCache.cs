using System.Collections.Concurrent;

namespace LazyHost;

/// <summary>
/// The compiled segments of an engine by key, least recently used first out, limited by entries and bytes. A hit compares the whole key, not only its hash. A
/// program that is dropped while it runs is freed when its runs are over. Members may be called from any thread.
/// </summary>
public sealed partial class ComputationCache
{
    private readonly object gate = new();
    private readonly int maximumEntries;
    private readonly long maximumBytes;
    private readonly Dictionary<UInt128, CacheEntry> entries = [];
    private readonly LinkedList<CacheEntry> order = new();
    private readonly Dictionary<string, long> dropped = [];
    private readonly HashSet<UInt128> evicted = [];
    private readonly Queue<UInt128> evictedOrder = new();
    private readonly ConcurrentQueue<Computation> leaving = new(); // taken out under the lock, freed outside it: backends may take their time
    private long bytes, evictions, hits, misses;
    private TimeSpan compileTime;

    internal ComputationCache(int maximumEntries, long maximumBytes) => (this.maximumEntries, this.maximumBytes) = (maximumEntries, maximumBytes);

    /// <summary>The number of programs kept.</summary>
    public int Numel
    {
        get { lock (gate) return order.Count; }
    }

    /// <summary>The memory they hold.</summary>
    public long Bytes
    {
        get { lock (gate) return bytes; }
    }

    /// <summary>Its figures, all of one moment.</summary>
    public CacheStatistics Statistics
    {
        get { lock (gate) return new(order.Count, bytes, order.Count(static e => e.Pins > 0), hits, misses, evictions, Waiting(), compileTime); }
    }

    /// <summary>The programs, last used first.</summary>
    public IReadOnlyList<CachedComputation> List()
    {
        lock (gate) return [.. order.Select(static e => e.Value!)];
    }

    /// <summary>The program that was used last, or null where there is none.</summary>
    public CachedComputation? GetLatest()
    {
        lock (gate) return order.First?.Value.Value;
    }

    /// <summary>The program of a key, or null where there is none. No use of it: its place among the others stays.</summary>
    public CachedComputation? Get(UInt128 key)
    {
        lock (gate) return Find(key)?.Value;
    }

    /// <summary>Drops a program. False where it is not there, or pinned.</summary>
    public bool Erase(UInt128 key)
    {
        lock (gate)
        {
            if (Find(key) is not { Pins: 0 } entry) return false;
            Remove(entry);
        }
        Free();
        return true;
    }

    /// <summary>Drops every program that is not pinned.</summary>
    public void Clear()
    {
        lock (gate)
            foreach (var entry in order.ToArray())
                if (entry.Pins == 0) Remove(entry);
        Free();
    }

    /// <summary>Keeps a program, whatever the limits, until the result is disposed of or its backend is removed. Pins of one program add up.</summary>
    /// <exception cref="KeyNotFoundException">There is no program of this key.</exception>
    public IDisposable Pin(UInt128 key)
    {
        lock (gate)
        {
            var entry = Find(key) ?? throw new KeyNotFoundException($"the cache has no program of the key {key:x32} to pin; run the segment first, and take the key of GetLatest()");
            entry.Pins++;
            return new Undo(() =>
            {
                lock (gate)
                    if (--entry.Pins == 0) Trim(order.First?.Value);
                Free();
            });
        }
    }

    /// <summary>The number of entries dropped to stay within the limits.</summary>
    internal long Evictions => Interlocked.Read(ref evictions);

    /// <summary>True for a key whose program was dropped to stay within the limits, as far as the cache remembers: as many as it has entries.</summary>
    internal bool WasEvicted(UInt128 key)
    {
        lock (gate) return evicted.Contains(key);
    }

    /// <summary>How often each operator was used, by its name: by the programs here, and by those dropped.</summary>
    internal Dictionary<string, long> Operators()
    {
        Dictionary<string, long> counts;
        (CachedComputation Program, long Uses)[] programs;
        lock (gate)
        {
            counts = new(dropped);
            programs = [.. order.Select(static e => (e.Value!, e.Value!.Uses))];
        }
        foreach (var (program, uses) in programs) Add(counts, program, uses);
        return counts;
    }

    /// <summary>Drops every entry that <paramref name="match"/> holds for, pinned or not.</summary>
    internal void Remove(Func<CachedComputation, bool> match)
    {
        lock (gate)
            foreach (var entry in order.ToArray())
                if (match(entry.Value!)) Remove(entry);
        Free();
    }

    /// <summary>Lets go of the programs that were taken out. To be called without the lock.</summary>
    private void Free()
    {
        while (leaving.TryDequeue(out var computation)) computation.Drop();
    }

    private int Waiting()
    {
        var count = 0;
        foreach (var first in entries.Values)
            for (var entry = first; entry is not null; entry = entry.Next) count += entry.Pending?.Waiting ?? 0;
        return count;
    }

    private static void Add(Dictionary<string, long> counts, CachedComputation program, long uses)
    {
        foreach (var (name, count) in program.Operators) counts[name] = counts.GetValueOrDefault(name) + (count * uses);
    }
}
