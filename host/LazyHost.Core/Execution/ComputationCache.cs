namespace LazyHost;

/// <summary>
/// Compiled segments by key, least recently used first out, limited by entries and bytes. A hit compares the whole key, not only its hash. One caller compiles
/// a missing entry while the others wait; if the one is cancelled or fails, the next tries.
/// </summary>
internal sealed class ComputationCache(int maximumEntries, long maximumBytes)
{
    private readonly object gate = new();
    private readonly Dictionary<UInt128, Entry> entries = [];
    private readonly LinkedList<Entry> order = new();
    private readonly Dictionary<string, long> dropped = [];
    private long bytes, roots, evictions;

    /// <summary>The number of entries.</summary>
    public int Count
    {
        get { lock (gate) return order.Count; }
    }

    /// <summary>The memory they hold.</summary>
    public long Bytes
    {
        get { lock (gate) return bytes; }
    }

    /// <summary>The number of entries dropped to stay within the limits.</summary>
    public long Evictions => Interlocked.Read(ref evictions);

    /// <summary>The number of values that all uses together compute.</summary>
    public long Roots => Interlocked.Read(ref roots);

    /// <summary>How often each operator was used, by its name: by the programs here, and by those dropped.</summary>
    public Dictionary<string, long> Operators()
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

    /// <summary>The entry of a key, with a use counted on its computation, or null where it is not there or still being compiled.</summary>
    public CachedComputation? TryGet(UInt128 hash, ReadOnlySpan<long> key)
    {
        lock (gate)
        {
            var found = Find(hash, key);
            return found?.Value is null ? null : TryUse(found);
        }
    }

    /// <summary>The entry of a key, with a use counted on its computation, compiled by this caller if nobody else has or does.</summary>
    public (CachedComputation Value, bool Hit) GetOrCompile(UInt128 hash, ReadOnlySpan<long> key, Func<CachedComputation> compile, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (gate)
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var found = Find(hash, key);
                if (found is null)
                {
                    entry = new(hash, key.ToArray()) { Next = entries.GetValueOrDefault(hash) };
                    entries[hash] = entry;
                    break;
                }
                if (found.Value is not null)
                {
                    if (TryUse(found) is { } used) return (used, true);
                    continue;
                }
                // Somebody compiles it: wait in slices, so that a cancelled waiter leaves without disturbing the compiler.
                Monitor.Wait(gate, 20);
            }
        }
        try
        {
            var value = compile();
            lock (gate)
            {
                if (!value.Computation.TryUse())
                {
                    value.Computation.Drop();
                    throw new DeviceGoneException("a backend was removed while a program was compiled for it");
                }
                entry.Value = value;
                entry.Node = order.AddFirst(entry);
                Counted(entry);
                bytes += value.Bytes;
                while (order.Count > 1 && (order.Count > maximumEntries || bytes > maximumBytes))
                {
                    Remove(order.Last!.Value);
                    evictions++;
                }
                Monitor.PulseAll(gate);
            }
            return (value, false);
        }
        catch
        {
            lock (gate)
            {
                Unlink(entry);
                Monitor.PulseAll(gate);
            }
            throw;
        }
    }

    /// <summary>Drops every entry that <paramref name="match"/> holds for. Programs in use are freed when their runs are over.</summary>
    public void Clear(Func<CachedComputation, bool>? match = null)
    {
        lock (gate)
            foreach (var entry in order.ToArray())
                if (match is null || match(entry.Value!)) Remove(entry);
    }

    /// <summary>The value of an entry with a use counted; null, and the entry dropped, where a backend it needs is gone.</summary>
    private CachedComputation? TryUse(Entry entry)
    {
        if (!entry.Value!.Computation.TryUse())
        {
            Remove(entry);
            return null;
        }
        if (order.First != entry.Node)
        {
            order.Remove(entry.Node!);
            order.AddFirst(entry.Node!);
        }
        return Counted(entry);
    }

    private CachedComputation Counted(Entry entry)
    {
        var value = entry.Value!;
        value.Uses++;
        roots += value.Roots.Length;
        return value;
    }

    private static void Add(Dictionary<string, long> counts, CachedComputation program, long uses)
    {
        foreach (var (name, count) in program.Operators) counts[name] = counts.GetValueOrDefault(name) + (count * uses);
    }

    private Entry? Find(UInt128 hash, ReadOnlySpan<long> key)
    {
        for (var entry = entries.GetValueOrDefault(hash); entry is not null; entry = entry.Next)
            if (key.SequenceEqual(entry.Key)) return entry;
        return null;
    }

    private void Remove(Entry entry)
    {
        order.Remove(entry.Node!);
        bytes -= entry.Value!.Bytes;
        Add(dropped, entry.Value, entry.Value.Uses);
        Unlink(entry);
        entry.Value.Computation.Drop();
    }

    private void Unlink(Entry entry)
    {
        if (!entries.TryGetValue(entry.Hash, out var first)) return;
        if (first == entry)
        {
            if (entry.Next is null) entries.Remove(entry.Hash);
            else entries[entry.Hash] = entry.Next;
            return;
        }
        while (first.Next is not null && first.Next != entry) first = first.Next;
        first.Next = entry.Next;
    }

    private sealed class Entry(UInt128 hash, long[] key)
    {
        public UInt128 Hash { get; } = hash;

        public long[] Key { get; } = key;

        public CachedComputation? Value { get; set; }

        public LinkedListNode<Entry>? Node { get; set; }

        /// <summary>Another key with the same hash.</summary>
        public Entry? Next { get; set; }
    }
}
