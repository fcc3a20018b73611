using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// A diagonal of the matrices that two axes span: elements [i, i + offset] for a positive offset, [i - offset, i] for a negative one. The result has the
/// remaining dimensions, then the diagonal, which is empty where the offset is outside the matrix. Attributes offset, axis0, axis1.
/// </summary>
public sealed class Diagonal : ShapeForm
{
    private Diagonal() : base("diagonal", new("offset", AttributeKind.Int), new("axis0", AttributeKind.Int), new("axis1", AttributeKind.Int)) { }

    /// <summary>The form.</summary>
    public static Diagonal Form { get; } = new();

    /// <summary>Encodes the attributes; negative axes count from the end.</summary>
    public static Attributes Encode(long offset = 0, long axis0 = 0, long axis1 = 1) => IR.Attributes.Of(offset, axis0, axis1);

    /// <inheritdoc/>
    protected override Shape ResultShape(Shape shape, Attributes attributes)
    {
        var place = Place(shape, attributes);
        return LazyHost.Shape.Create([.. place.Others.Select(axis => shape.Dim((int)axis)), place.Count]);
    }

    /// <summary>A slice of the rows laid end to end: the diagonal's elements are one more than a row apart.</summary>
    protected override Value Move(IrBuilder builder, Value x, Shape to, Attributes attributes)
    {
        if (to.ElementCount == 0) return builder.Constant(builder.TypeOf(x).With(to), 0);
        var shape = builder.ShapeOf(x);
        var place = Place(shape, attributes);
        var columns = shape[place.Axis1];
        var rows = builder.PrimReshape(builder.Permute(x, [.. place.Others, place.Axis0, place.Axis1]),
            LazyHost.Shape.Create([.. place.Others.Select(axis => shape[(int)axis]), shape[place.Axis0] * columns]));
        var start = (place.Row * columns) + place.Column;
        return builder.Slice(rows, -1, start, start + ((place.Count - 1) * (columns + 1)) + 1, columns + 1);
    }

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) =>
        context.Builder.Emit(DiagonalScatter.Form, [context.Builder.Constant(context.OperandType(0), 0), gradient], context.Attributes);

    /// <inheritdoc/>
    public override Value? WriteThrough(IrBuilder builder, Value viewed, Value written, Attributes attributes) =>
        builder.Emit(DiagonalScatter.Form, [viewed, written], attributes);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [0, 3])], Encode());
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [2, 3])], Encode(5));
        yield return new(ShapeClass.SizeOne, [SampleSets.Input(type, [1, 1])], Encode());
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [5, 3])], Encode(-2));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5, 7])], Encode(1, 0, 2));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5, 2, 7])], Encode(-1, -1, 0));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025])], Encode(3));
    }

    /// <summary>The axes, the remaining ones, the diagonal's first element and the number of its elements.</summary>
    internal (int Axis0, int Axis1, long[] Others, long Row, long Column, long Count) Place(Shape shape, Attributes attributes)
    {
        var (axis0, axis1) = (shape.Axis(attributes.Int(Attributes, 1)), shape.Axis(attributes.Int(Attributes, 2)));
        Rules.RequireAttribute(axis0 != axis1, $"axes {attributes.Int(Attributes, 1)} and {attributes.Int(Attributes, 2)} of {shape} are the same; a diagonal needs two");
        var offset = Math.Clamp(attributes.Int(Attributes, 0), -shape[axis0], shape[axis1]);
        var (row, column) = (Math.Max(0, -offset), Math.Max(0, offset));
        long[] others = [.. Enumerable.Range(0, shape.Rank).Where(axis => axis != axis0 && axis != axis1)];
        return (axis0, axis1, others, row, column, Math.Min(shape[axis0] - row, shape[axis1] - column));
    }
}
