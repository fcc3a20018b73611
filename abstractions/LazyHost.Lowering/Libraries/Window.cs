namespace LazyHost.Lowering.Libraries;

/// <summary>A window sliding over a padded tensor, as planes: the dimensions it really slides along are the last ones, everything before them is independent.</summary>
public sealed class Window
{
    /// <summary>Describes the window of a primitive.</summary>
    /// <param name="over">What it slides over.</param>
    /// <param name="results">Its places.</param>
    /// <param name="sizes">Its elements along each dimension.</param>
    /// <param name="strides">Elements from one place to the next.</param>
    /// <param name="low">Padding before the first element.</param>
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

    /// <summary>The dimensions of a plane.</summary>
    public int Rank { get; }

    /// <summary>The number of planes.</summary>
    public long Planes { get; }

    /// <summary>The elements of a plane.</summary>
    public long OverCount { get; }

    /// <summary>The places in a plane.</summary>
    public long ResultCount { get; }

    /// <summary>The sizes of a plane.</summary>
    public long[] Over { get; }

    /// <summary>The places along each dimension of a plane.</summary>
    public long[] Results { get; }

    /// <summary>The window's elements along each dimension of a plane.</summary>
    public long[] Sizes { get; }

    /// <summary>Elements from one place to the next, along each dimension of a plane.</summary>
    public long[] Strides { get; }

    /// <summary>Padding before the first element, along each dimension of a plane.</summary>
    public long[] Low { get; }

    /// <summary>Elements from one index to the next, along each dimension of a plane.</summary>
    public long[] OverStrides { get; }

    private static long Product(long[] sizes)
    {
        long product = 1;
        foreach (var size in sizes) product *= size;
        return product;
    }
}
