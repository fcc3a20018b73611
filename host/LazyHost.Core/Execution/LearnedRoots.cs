using LazyHost.IR;

namespace LazyHost;

/// <summary>Values that were used after their segment ended, by the structure of the segment: from then on they are roots there.</summary>
internal sealed class LearnedRoots(int maximumEntries)
{
    private readonly Dictionary<UInt128, Value[]> learned = [];
    private readonly Queue<UInt128> order = new();

    public ReadOnlySpan<Value> Get(UInt128 structure)
    {
        lock (learned) return learned.TryGetValue(structure, out var values) ? values : [];
    }

    /// <summary>Remembers a value. Returns false where it was known, or nothing may be kept.</summary>
    public bool Add(UInt128 structure, Value value)
    {
        if (maximumEntries == 0) return false;
        lock (learned)
        {
            if (!learned.TryGetValue(structure, out var values))
            {
                order.Enqueue(structure);
                if (order.Count > maximumEntries) learned.Remove(order.Dequeue());
                values = [];
            }
            if (Array.IndexOf(values, value) >= 0) return false;
            learned[structure] = [.. values, value];
            return true;
        }
    }
}
