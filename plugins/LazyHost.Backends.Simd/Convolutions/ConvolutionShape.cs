using LazyHost.IR;

namespace LazyHost.Backends.Simd.Convolutions;

/// <summary>The sizes of a convolution, with spatial dimensions added at the front (size 1) until there are two at least.</summary>
internal sealed class ConvolutionShape
{
    public ConvolutionShape(Primitive primitive, Attributes attributes, Shape x, Shape w, Shape result)
    {
        var spatial = x.Rank - 2;
        var added = Math.Max(0, 2 - spatial);
        Spatial = spatial + added;
        (Batch, Channels, Filters) = (x[0], x[1], w[0]);
        GroupChannels = w[1];
        Groups = attributes.Int(primitive.Attributes, 5);
        Over = [.. Enumerable.Repeat(1L, added), .. x.Sizes[2..]];
        Taps = [.. Enumerable.Repeat(1L, added), .. w.Sizes[2..]];
        Results = [.. Enumerable.Repeat(1L, added), .. result.Sizes[2..]];
        Strides = List(0, 1);
        Low = List(1, 0);
        DilationX = List(3, 1);
        DilationW = List(4, 1);
        (OverCount, TapCount, ResultCount) = (Product(Over), Product(Taps), Product(Results));

        long[] List(int index, long filler) => [.. Enumerable.Repeat(filler, added), .. attributes.Ints(primitive.Attributes, index)];
    }

    public int Spatial { get; }

    public long Batch { get; }

    public long Channels { get; }

    public long Filters { get; }

    public long Groups { get; }

    public long GroupChannels { get; }

    public long[] Over { get; }

    public long[] Taps { get; }

    public long[] Results { get; }

    public long[] Strides { get; }

    public long[] Low { get; }

    public long[] DilationX { get; }

    public long[] DilationW { get; }

    public long OverCount { get; }

    public long TapCount { get; }

    public long ResultCount { get; }

    /// <summary>Filters of a group: the rows of its product.</summary>
    public long Rows => Filters / Groups;

    /// <summary>What each result sums over: the depth of the product.</summary>
    public long Depth => GroupChannels * TapCount;

    /// <summary>Results of a filter over the whole batch: the columns of the product.</summary>
    public long Columns => Batch * ResultCount;

    private static long Product(long[] sizes)
    {
        long product = 1;
        foreach (var size in sizes) product *= size;
        return product;
    }
}
