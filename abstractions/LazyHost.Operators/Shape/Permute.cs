using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>Dimension i of the result is dimension order[i] of the operand. Attribute order; negative ones count from the end.</summary>
public sealed class Permute : ShapeForm
{
    private Permute() : base("permute", new AttributeSpec("order", AttributeKind.Ints)) { }

    /// <summary>The form.</summary>
    public static Permute Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(params ReadOnlySpan<long> order) => IR.Attributes.Of(order.ToArray());

    /// <inheritdoc/>
    protected override Shape ResultShape(Shape shape, Attributes attributes)
    {
        var order = Order(shape, attributes);
        var dims = new Dim[order.Length];
        for (var i = 0; i < dims.Length; i++) dims[i] = shape.Dim((int)order[i]);
        return LazyHost.Shape.Create(dims);
    }

    /// <inheritdoc/>
    protected override Value Move(IrBuilder builder, Value x, Shape to, Attributes attributes) =>
        builder.Emit(Primitives.Permute, [x], IR.Attributes.Of(Order(builder.ShapeOf(x), attributes)));

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => Back(context.Builder, gradient, context.OperandType(0).Shape, context.Attributes);

    /// <inheritdoc/>
    public override Value? WriteThrough(IrBuilder builder, Value viewed, Value written, Attributes attributes) => Back(builder, written, builder.ShapeOf(viewed), attributes);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        yield return new(ShapeClass.Scalar, [SampleSets.Input(type, [])], Encode());
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [0, 3])], Encode(1, 0));
        yield return new(ShapeClass.SizeOne, [SampleSets.Input(type, [1, 4, 1])], Encode(1, 2, 0));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5, 7])], Encode(-1, 0, 1));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [2, 3, 5, 7])], Encode(0, 2, 1, 3));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025])], Encode(1, 0));
    }

    private Value Back(IrBuilder builder, Value moved, Shape shape, Attributes attributes)
    {
        var order = Order(shape, attributes);
        var inverse = new long[order.Length];
        for (var i = 0; i < order.Length; i++) inverse[order[i]] = i;
        return builder.Permute(moved, inverse);
    }

    private long[] Order(Shape shape, Attributes attributes)
    {
        var given = attributes.Ints(Attributes, 0);
        Rules.RequireAttribute(given.Length == shape.Rank,
            $"[{string.Join(", ", given.ToArray())}] is no permutation of the {shape.Rank} dimensions of {shape}");
        var order = new long[given.Length];
        for (var i = 0; i < order.Length; i++) order[i] = shape.Axis(given[i]);
        Rules.RequireAxes(order, shape);
        return order;
    }
}
