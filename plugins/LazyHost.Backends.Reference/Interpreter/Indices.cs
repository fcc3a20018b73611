namespace LazyHost.Backends.Reference;

/// <summary>Multi-dimensional indices in row-major order.</summary>
internal static class Indices
{
    /// <summary>Steps to the next index; after the last one it is at the first again.</summary>
    public static void Next(long[] at, ReadOnlySpan<long> sizes)
    {
        for (var i = at.Length - 1; i >= 0; i--)
        {
            if (++at[i] < sizes[i]) return;
            at[i] = 0;
        }
    }

    /// <summary>The place of an index, given the distance between neighbours in each dimension.</summary>
    public static long Offset(ReadOnlySpan<long> at, ReadOnlySpan<long> strides)
    {
        long offset = 0;
        for (var i = 0; i < at.Length; i++) offset += at[i] * strides[i];
        return offset;
    }

    /// <summary>The number of indices.</summary>
    public static long Count(ReadOnlySpan<long> sizes)
    {
        long count = 1;
        foreach (var size in sizes) count *= size;
        return count;
    }

    /// <summary>For each dimension of a shape its stride in the shape without some axes, 0 for those axes.</summary>
    public static long[] ReducedStrides(Shape shape, ReadOnlySpan<long> axes)
    {
        var strides = new long[shape.Rank];
        long stride = 1;
        for (var i = shape.Rank - 1; i >= 0; i--)
        {
            if (axes.Contains(i)) continue;
            strides[i] = stride;
            stride *= shape[i];
        }
        return strides;
    }
}
