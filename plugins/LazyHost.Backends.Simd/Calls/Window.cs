namespace LazyHost.Backends.Simd.Calls;

/// <summary>A window sliding over a padded tensor, as planes: the dimensions it really slides along are the last ones, everything before them is independent.</summary>
internal sealed class Window
{
    public Window(Shape over, Shape results, ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides, ReadOnlySpan<long> low)
    {
        var first = 0;
        while (first < over.Rank && sizes[first] == 1 && strides[first] == 1 && low[first] == 0 && over[first] == results[first]) first++;
        Planes = 1;
        for (var i = 0; i < first; i++) Planes *= over[i];
        Rank = over.Rank - first;
        (Over, Results) = (over.Sizes[first..].ToArray(), results.Sizes[first..].ToArray());
        (Sizes, Strides, Low) = (sizes[first..].ToArray(), strides[first..].ToArray(), low[first..].ToArray());
        OverStrides = over.RowMajorStrides().AsSpan(first).ToArray();
        (OverCount, ResultCount) = (Product(Over), Product(Results));
    }

    public int Rank { get; }

    public long Planes { get; }

    public long OverCount { get; }

    public long ResultCount { get; }

    public long[] Over { get; }

    public long[] Results { get; }

    public long[] Sizes { get; }

    public long[] Strides { get; }

    public long[] Low { get; }

    public long[] OverStrides { get; }

    private static long Product(long[] sizes)
    {
        long product = 1;
        foreach (var size in sizes) product *= size;
        return product;
    }
}
