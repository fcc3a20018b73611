namespace LazyHost.Lowering.Memory;

/// <summary>Pieces of a growing workspace: best fit by size, neighbours joined when they are given back.</summary>
internal sealed class FreeList
{
    private readonly SortedSet<(long Size, long Offset)> bySize = [];
    private readonly Dictionary<long, long> byStart = [];
    private readonly Dictionary<long, long> byEnd = [];

    /// <summary>The bytes of workspace ever in use.</summary>
    public long Length { get; private set; }

    public long Take(long size)
    {
        using var fitting = bySize.GetViewBetween((size, 0), (long.MaxValue, long.MaxValue)).GetEnumerator();
        if (fitting.MoveNext())
        {
            var (found, offset) = fitting.Current;
            Remove(offset, found);
            if (found > size) Add(offset + size, found - size);
            return offset;
        }
        // a free piece at the end is grown rather than left behind
        var start = Length;
        if (byEnd.TryGetValue(Length, out var last))
        {
            Remove(last, Length - last);
            start = last;
        }
        Length = start + size;
        return start;
    }

    public void Return(long offset, long size)
    {
        if (byEnd.TryGetValue(offset, out var before))
        {
            Remove(before, offset - before);
            (offset, size) = (before, size + offset - before);
        }
        if (byStart.TryGetValue(offset + size, out var after))
        {
            Remove(offset + size, after);
            size += after;
        }
        Add(offset, size);
    }

    private void Add(long offset, long size)
    {
        bySize.Add((size, offset));
        byStart[offset] = size;
        byEnd[offset + size] = offset;
    }

    private void Remove(long offset, long size)
    {
        bySize.Remove((size, offset));
        byStart.Remove(offset);
        byEnd.Remove(offset + size);
    }
}
