namespace LazyHost.Backends.Reference;

/// <summary>Counts the bytes in buffers handed out. Safe to use from many threads.</summary>
internal sealed class MemoryAccount
{
    private readonly Lock gate = new();
    private MemoryStatistics statistics;

    public MemoryStatistics Statistics
    {
        get { lock (gate) return statistics; }
    }

    public void Take(long bytes)
    {
        lock (gate)
        {
            var inUse = statistics.InUse + bytes;
            statistics = new(inUse, inUse, Math.Max(statistics.Peak, inUse), statistics.Buffers + 1);
        }
    }

    public void GiveBack(long bytes)
    {
        lock (gate) statistics = statistics with { InUse = statistics.InUse - bytes, Reserved = statistics.Reserved - bytes, Buffers = statistics.Buffers - 1 };
    }
}
