using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The attributes a convolution and its two gradients share, and the sizes that follow from them.</summary>
internal readonly record struct ConvolutionGeometry(long[] Strides, long[] Low, long[] High, long[] Dilation, long Groups)
{
    public static AttributeSpec[] Specs =>
    [
        new("strides", AttributeKind.Ints), new("low", AttributeKind.Ints), new("high", AttributeKind.Ints), new("dilation", AttributeKind.Ints),
            new("groups", AttributeKind.Int),
    ];

    public int Rank => Strides.Length;

    public static ConvolutionGeometry Read(OperatorForm form, Attributes attributes) =>
        new(attributes.Ints(form.Attributes, 0).ToArray(), attributes.Ints(form.Attributes, 1).ToArray(), attributes.Ints(form.Attributes, 2).ToArray(),
            attributes.Ints(form.Attributes, 3).ToArray(), attributes.Int(form.Attributes, 4));

    public Attributes Encode() => Attributes.Of(Strides, Low, High, Dilation, Groups);

    /// <summary>The same with the spatial sizes of a shape after it.</summary>
    public Attributes Encode(Shape sized) => Attributes.Of(Strides, Low, High, Dilation, Groups, sized.Sizes[2..].ToArray());

    /// <summary>The sizes of x convolved with w.</summary>
    public Shape Result(TensorType x, TensorType w)
    {
        var spatial = x.Shape.Rank - 2;
        Rules.RequireShape(spatial >= 1 && w.Shape.Rank == x.Shape.Rank,
            $"cannot convolve {x} with {w}: they must be [items, channels, spatial...] and [filters, channels / groups, spatial...] of one rank");
        Rules.RequireAttribute(Rank == spatial && Low.Length == spatial && High.Length == spatial && Dilation.Length == spatial,
            $"convolving {x} needs {spatial} strides, paddings and dilations but was given {Rank}, {Low.Length} and {High.Length}, {Dilation.Length}");
        Rules.RequireAttribute(Groups > 0 && Strides.All(s => s > 0) && Dilation.All(d => d > 0), "strides, dilations and groups must be positive");
        Rules.RequireAttribute(Low.All(p => p >= 0) && High.All(p => p >= 0), "padding must not be negative");
        Rules.RequireShape(x.Shape[1] == w.Shape[1] * Groups,
            $"cannot convolve {x} with {w}: with {Groups} groups x must have {w.Shape[1] * Groups} channels, not {x.Shape[1]}");
        Rules.RequireShape(w.Shape[0] % Groups == 0, $"cannot convolve {x} with {w}: {w.Shape[0]} filters do not divide into {Groups} groups");
        var dims = Rules.Dims(x.Shape);
        dims[1] = w.Shape.Dim(0);
        for (var i = 0; i < spatial; i++)
        {
            var places = w.Shape[i + 2] == 0 ? 0 : Rules.WindowPlaces(x.Shape[i + 2], Low[i], High[i], w.Shape[i + 2], Dilation[i], Strides[i]);
            Rules.RequireShape(places > 0,
                $"cannot convolve {x} with {w}: the filter does not fit into dimension {i + 2}, {x.Shape[i + 2]} elements padded by {Low[i]} and {High[i]}");
            dims[i + 2] = places;
        }
        return Shape.Create(dims);
    }

    /// <summary>Emits the primitive.</summary>
    public static Value Emit(IrBuilder builder, Value x, Value w, long[] strides, long[] low, long[] high, long[] dilateX, long[] dilateW, long groups) =>
        builder.Emit(Primitives.Convolution, [x, w], Attributes.Of(strides, low, high, dilateX, dilateW, groups));

    public static long[] Ones(int count)
    {
        var ones = new long[count];
        Array.Fill(ones, 1);
        return ones;
    }
}
