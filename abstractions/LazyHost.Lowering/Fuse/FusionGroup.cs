namespace LazyHost.Lowering.Fuse;

/// <summary>A kernel in the making: loops, values at index maps, and sinks (what is stored or reduced).</summary>
internal sealed class FusionGroup(int sequence) : PlannedStep(sequence)
{
    private readonly Dictionary<(int Value, int Map), int> places = [];

    /// <summary>The loops' sizes, in the order they were made.</summary>
    public List<long> Sizes { get; } = [];

    /// <summary>For each loop, whether it is walked inside a row.</summary>
    public List<bool> Inner { get; } = [];

    public List<Entry> Entries { get; } = [];

    public List<Sink> Sinks { get; } = [];

    /// <summary>Values computed here.</summary>
    public int Computed { get; set; }

    /// <summary>Values that are loads unless they come to be computed here.</summary>
    public int Open { get; set; }

    public bool HasInner => Inner.Contains(true);

    public long PointCount => Product(_ => true);

    public long OuterCount => Product(loop => !Inner[loop]);

    public void AddLoop(long size, bool inner)
    {
        Sizes.Add(size);
        Inner.Add(inner);
    }

    /// <summary>The loops of one sort that are longer than 1, in order.</summary>
    public List<int> Loops(Func<int, bool> chosen)
    {
        var loops = new List<int>();
        for (var i = 0; i < Sizes.Count; i++)
            if (Sizes[i] != 1 && chosen(i)) loops.Add(i);
        return loops;
    }

    /// <summary>The entry of a value at a map, made when it is new.</summary>
    public Entry Demand(int value, int map, IndexMap index, out bool isNew)
    {
        isNew = !places.TryGetValue((value, map), out var at);
        if (!isNew) return Entries[at];
        places.Add((value, map), at = Entries.Count);
        Entries.Add(new(this, at, value, map, index));
        return Entries[at];
    }

    /// <summary>Adds a sink and returns its bit in the masks of entries; beyond 64 sinks share the last.</summary>
    public ulong AddSink(Sink sink)
    {
        Sinks.Add(sink);
        return 1UL << Math.Min(63, Sinks.Count - 1);
    }

    /// <summary>True when the map gives each of <paramref name="count"/> places once as the chosen loops run, and no other loop matters.</summary>
    public bool Covers(IndexMap map, long count, Func<int, bool> chosen)
    {
        if (map.Guards.Length > 0 || map.Place.Offset != 0) return false;
        if (count == 0) return Product(chosen) == 0;
        var strides = new List<(long Stride, long Size)>();
        for (var i = 0; i < Sizes.Count; i++)
        {
            if (Sizes[i] == 1) continue;
            if (chosen(i)) strides.Add((map.Place[i], Sizes[i]));
            else if (map.Place[i] != 0) return false;
        }
        strides.Sort();
        long next = 1;
        foreach (var (stride, size) in strides)
        {
            if (stride != next) return false;
            next *= size;
        }
        return next == count;
    }

    private long Product(Func<int, bool> chosen)
    {
        long product = 1;
        for (var i = 0; i < Sizes.Count; i++) if (chosen(i)) product *= Sizes[i];
        return product;
    }

    /// <summary>A value at an index map: computed here, or loaded.</summary>
    public sealed class Entry(FusionGroup group, int place, int value, int map, IndexMap index)
    {
        public FusionGroup Group { get; } = group;
        public int Place { get; } = place;
        public int Value { get; } = value;
        public int Map { get; } = map;
        public IndexMap Index { get; } = index;

        /// <summary>The sinks that need it, a bit each.</summary>
        public ulong Sinks { get; set; }

        /// <summary>The entries of its operands once it is computed here, else null.</summary>
        public Entry[]? Operands { get; set; }
    }

    /// <summary>What a kernel is for: an entry stored at a place of a value, or (Target -1) a reduction's entry.</summary>
    public readonly record struct Sink(Entry Entry, int Target, Affine Place)
    {
        public bool IsReduction => Target < 0;
    }
}
