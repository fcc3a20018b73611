using LazyHost.Backends.Ilgpu.Products;
using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>A convolution as kernels take it: three spatial dimensions, in numbers of 32 bits.</summary>
/// <param name="Over">The sizes of an image.</param>
/// <param name="Results">The sizes of a result.</param>
/// <param name="Taps">The sizes of a filter.</param>
/// <param name="Strides">Steps of the filter.</param>
/// <param name="Low">Padding before the first element.</param>
/// <param name="DilationX">Steps between elements of the image.</param>
/// <param name="DilationW">Steps between taps.</param>
/// <param name="Columns">Results of a filter over the whole batch.</param>
/// <param name="Depth">What each result sums over.</param>
/// <param name="Rows">Filters of a group.</param>
/// <param name="Filters">Filters of all groups.</param>
/// <param name="ResultCount">Results of a filter on one image.</param>
/// <param name="OverCount">Elements of a channel.</param>
/// <param name="ImageStride">Elements of an image.</param>
/// <param name="GroupStride">Elements of a group's channels.</param>
internal readonly record struct WindowSizes(
    Triple Over, Triple Results, Triple Taps, Triple Strides, Triple Low, Triple DilationX, Triple DilationW,
    int Columns, int Depth, int Rows, int Filters, int ResultCount, int OverCount, long ImageStride, long GroupStride)
{
    private const int Dimensions = 3;

    /// <summary>True where zeros lie between the elements of the images.</summary>
    public bool HasZeros => DilationX.A != 1 | DilationX.B != 1 | DilationX.C != 1;

    /// <summary>The product of the filters with the windows. Its batches are groups.</summary>
    public ProductSizes Product => new(Rows == 0 ? 0 : Filters / Rows, Rows, Columns, Depth);

    /// <summary>The sizes of a convolution, or null where it has more dimensions or elements than kernels take.</summary>
    public static WindowSizes? Of(ConvolutionShape shape)
    {
        if (shape.Spatial > Dimensions || shape.Channels * shape.OverCount > int.MaxValue || shape.Columns > int.MaxValue / 2 || shape.Depth > int.MaxValue / 2 || shape.Filters > int.MaxValue / 2) return null;
        foreach (var list in (long[][])[shape.Over, shape.Results, shape.Taps, shape.Strides, shape.Low, shape.DilationX, shape.DilationW])
            foreach (var number in list) if (Math.Abs(number) > int.MaxValue / 4) return null;
        return new(Triple.Of(shape.Over), Triple.Of(shape.Results), Triple.Of(shape.Taps), Triple.Of(shape.Strides), Triple.Of(shape.Low), Triple.Of(shape.DilationX), Triple.Of(shape.DilationW),
            (int)shape.Columns, (int)shape.Depth, (int)shape.Rows, (int)shape.Filters, (int)shape.ResultCount, (int)shape.OverCount, shape.Channels * shape.OverCount, shape.GroupChannels * shape.OverCount);
    }
}
