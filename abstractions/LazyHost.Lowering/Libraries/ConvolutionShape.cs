using LazyHost.IR;

namespace LazyHost.Lowering.Libraries;

/// <summary>The sizes of a convolution, with spatial dimensions added at the front (size 1) until there are enough.</summary>
public sealed class ConvolutionShape
{
    /// <summary>Describes a convolution.</summary>
    /// <param name="primitive"><see cref="PrimitiveKind.Convolution"/>.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="x">The shape of what is convolved.</param>
    /// <param name="w">The shape of the filters.</param>
    /// <param name="result">The shape of the result.</param>
    /// <param name="least">The spatial dimensions there are at least.</param>
    public ConvolutionShape(Primitive primitive, Attributes attributes, Shape x, Shape w, Shape result, int least = 2)
    {
        var spatial = x.Rank - 2;
        var added = Math.Max(0, least - spatial);
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

    /// <summary>The number of spatial dimensions.</summary>
    public int Spatial { get; }

    /// <summary>The number of images.</summary>
    public long Batch { get; }

    /// <summary>The channels of an image.</summary>
    public long Channels { get; }

    /// <summary>The number of filters, of all groups together.</summary>
    public long Filters { get; }

    /// <summary>The number of groups.</summary>
    public long Groups { get; }

    /// <summary>The channels of a filter.</summary>
    public long GroupChannels { get; }

    /// <summary>The spatial sizes of an image.</summary>
    public long[] Over { get; }

    /// <summary>The spatial sizes of a filter.</summary>
    public long[] Taps { get; }

    /// <summary>The spatial sizes of the result.</summary>
    public long[] Results { get; }

    /// <summary>Steps of the filter.</summary>
    public long[] Strides { get; }

    /// <summary>Padding before the first element; negative where elements are left out.</summary>
    public long[] Low { get; }

    /// <summary>Elements of the dilated image from one of the image to the next: zeros lie between.</summary>
    public long[] DilationX { get; }

    /// <summary>Elements of the dilated image from one tap of the filter to the next.</summary>
    public long[] DilationW { get; }

    /// <summary>The elements of a channel.</summary>
    public long OverCount { get; }

    /// <summary>The taps of a filter's channel.</summary>
    public long TapCount { get; }

    /// <summary>The results of a filter on one image.</summary>
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
