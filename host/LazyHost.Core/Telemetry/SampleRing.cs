namespace LazyHost;

/// <summary>The last samples of a metric, with the count and sum of all. Written by one thread at a time; read by any, at any time.</summary>
internal sealed class SampleRing
{
    public const int Kept = 1024;

    private readonly (long Value, long Time)[] samples = new (long, long)[Kept];
    private long written, sum;
    private long olderCount, olderSum; // taken over from rings that are gone, without their samples
    private Mark start = new(0, 0, 0);

    public void Add(long value, long time)
    {
        samples[written % Kept] = (value, time);
        sum += value;
        Volatile.Write(ref written, written + 1);
    }

    /// <summary>Count and sum since the last reset; the samples still kept are added to <paramref name="kept"/>.</summary>
    public (long Count, long Sum) Read(List<(long Value, long Time)> kept)
    {
        var from = Volatile.Read(ref start);
        var to = Volatile.Read(ref written);
        for (var i = Math.Max(from.Written, to - Kept); i < to; i++) kept.Add(samples[i % Kept]);
        return (to + olderCount - from.Count, sum + olderSum - from.Sum);
    }

    /// <summary>Counts from 0 again. Nothing that the writer writes is touched, so the two cannot disturb each other.</summary>
    public void Reset()
    {
        var to = Volatile.Read(ref written);
        Volatile.Write(ref start, new(to, to + olderCount, sum + olderSum));
    }

    /// <summary>Takes over what another ring has counted since its last reset; nobody writes to that any more.</summary>
    public void TakeOver(SampleRing gone)
    {
        var kept = new List<(long Value, long Time)>();
        var (count, total) = gone.Read(kept);
        olderCount += count - kept.Count;
        olderSum += total;
        foreach (var (value, time) in kept)
        {
            olderSum -= value;
            Add(value, time);
        }
    }

    private sealed record Mark(long Written, long Count, long Sum);
}
