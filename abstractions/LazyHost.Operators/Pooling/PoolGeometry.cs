using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The attributes that pooling operators share: one number each per pooled dimension, which are the last ones.</summary>
internal readonly record struct PoolGeometry(long[] Kernel, long[] Strides, long[] Low, long[] High)
{
    public static AttributeSpec[] Specs =>
        [new("kernel", AttributeKind.Ints), new("strides", AttributeKind.Ints), new("low", AttributeKind.Ints), new("high", AttributeKind.Ints)];

    public static PoolGeometry Read(OperatorForm form, Attributes attributes) =>
        new(attributes.Ints(form.Attributes, 0).ToArray(), attributes.Ints(form.Attributes, 1).ToArray(),
            attributes.Ints(form.Attributes, 2).ToArray(), attributes.Ints(form.Attributes, 3).ToArray());

    /// <summary>The sizes of x pooled.</summary>
    public Shape Result(TensorType x)
    {
        var count = Kernel.Length;
        Rules.RequireAttribute(count >= 1 && Strides.Length == count && Low.Length == count && High.Length == count,
            $"pooling with a kernel of {count} dimensions needs as many strides and paddings but was given {Strides.Length} and {Low.Length}, {High.Length}");
        Rules.RequireShape(x.Shape.Rank >= count, $"cannot pool {x} with a kernel of {count} dimensions");
        var dims = Rules.Dims(x.Shape);
        for (var i = 0; i < count; i++)
        {
            var (axis, size) = (x.Shape.Rank - count + i, x.Shape[x.Shape.Rank - count + i]);
            Rules.RequireAttribute(Kernel[i] > 0 && Strides[i] > 0, $"kernel size {Kernel[i]} and stride {Strides[i]} must be positive");
            Rules.RequireAttribute(Low[i] >= 0 && High[i] >= 0 && Low[i] < Kernel[i] && High[i] < Kernel[i],
                $"padding {Low[i]}, {High[i]} must not be negative and less than kernel size {Kernel[i]}");
            var places = Rules.WindowPlaces(size, Low[i], High[i], Kernel[i], 1, Strides[i]);
            Rules.RequireShape(size > 0 && places > 0,
                $"cannot pool {x}: along dimension {axis} a kernel of {Kernel[i]} does not fit into {size} elements padded by {Low[i]} and {High[i]}");
            dims[axis] = places;
        }
        return Shape.Create(dims);
    }

    /// <summary>Window, strides, low and high over every dimension of x, as primitives want them.</summary>
    public (long[] Window, long[] Strides, long[] Low, long[] High) Over(int rank)
    {
        var lead = rank - Kernel.Length;
        return (Full(Kernel, 1), Full(Strides, 1), Full(Low, 0), Full(High, 0));

        long[] Full(long[] numbers, long before) => [.. Enumerable.Repeat(before, lead), .. numbers];
    }

    /// <summary>Samples of one operand in shapes that suit pooling.</summary>
    public static IEnumerable<OperatorSample> Samples(DType type)
    {
        OperatorSample Of(ShapeClass kind, Shape x, Attributes attributes) => new(kind, [SampleSets.Input(type, x, -100, 100)], attributes);
        yield return Of(ShapeClass.Empty, [0, 2, 5, 5], Attributes.Of(new long[] { 2, 2 }, new long[] { 2, 2 }, new long[] { 0, 0 }, new long[] { 0, 0 }));
        yield return Of(ShapeClass.SizeOne, [1, 1, 1, 1], Attributes.Of(new long[] { 1, 1 }, new long[] { 1, 1 }, new long[] { 0, 0 }, new long[] { 0, 0 }));
        yield return Of(ShapeClass.Odd, [2, 3, 7, 9], Attributes.Of(new long[] { 2, 2 }, new long[] { 2, 2 }, new long[] { 0, 0 }, new long[] { 0, 0 }));
        yield return Of(ShapeClass.Odd, [2, 3, 7, 9], Attributes.Of(new long[] { 3, 2 }, new long[] { 2, 1 }, new long[] { 1, 0 }, new long[] { 1, 1 }));
        yield return Of(ShapeClass.Odd, [3, 11], Attributes.Of(new long[] { 4 }, new long[] { 3 }, new long[] { 2 }, new long[] { 2 }));
        yield return Of(ShapeClass.Large, [4, 8, 28, 28], Attributes.Of(new long[] { 3, 3 }, new long[] { 2, 2 }, new long[] { 1, 1 }, new long[] { 1, 1 }));
    }
}
