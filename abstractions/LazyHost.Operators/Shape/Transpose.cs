using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>Two dimensions exchanged. Attributes axis0, axis1; negative ones count from the end.</summary>
public sealed class Transpose : ShapeForm
{
    private Transpose() : base("transpose", new("axis0", AttributeKind.Int), new("axis1", AttributeKind.Int)) { }

    /// <summary>The form.</summary>
    public static Transpose Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(long axis0 = -2, long axis1 = -1) => IR.Attributes.Of(axis0, axis1);

    /// <inheritdoc/>
    protected override Shape ResultShape(Shape shape, Attributes attributes)
    {
        var dims = Rules.Dims(shape);
        var (axis0, axis1) = (shape.Axis(attributes.Int(Attributes, 0)), shape.Axis(attributes.Int(Attributes, 1)));
        (dims[axis0], dims[axis1]) = (dims[axis1], dims[axis0]);
        return LazyHost.Shape.Create(dims);
    }

    /// <inheritdoc/>
    protected override Value Move(IrBuilder builder, Value x, Shape to, Attributes attributes)
    {
        var (axis0, axis1) = (to.Axis(attributes.Int(Attributes, 0)), to.Axis(attributes.Int(Attributes, 1)));
        if (axis0 == axis1) return x;
        var order = new long[to.Rank];
        for (var i = 0; i < order.Length; i++) order[i] = i == axis0 ? axis1 : i == axis1 ? axis0 : i;
        return builder.Emit(Primitives.Permute, [x], IR.Attributes.Of(order));
    }

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) =>
        context.Builder.Transpose(gradient, context.Attributes.Int(Attributes, 0), context.Attributes.Int(Attributes, 1));

    /// <inheritdoc/>
    public override Value? WriteThrough(IrBuilder builder, Value viewed, Value written, Attributes attributes) =>
        builder.Transpose(written, attributes.Int(Attributes, 0), attributes.Int(Attributes, 1));

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) =>
        SampleSets.Ranked.Select(s => new OperatorSample(s.Class, [SampleSets.Input(type, s.Shape)], Encode()));
}
