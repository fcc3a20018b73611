using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>Dimensions of size 1 taken out. Attribute axes: those to take out, of which any of another size stay; none means all of size 1.</summary>
public sealed class Squeeze : ShapeForm
{
    private Squeeze() : base("squeeze", new AttributeSpec("axes", AttributeKind.Ints)) { }

    /// <summary>The form.</summary>
    public static Squeeze Form { get; } = new();

    /// <summary>Encodes the attributes; no axes means all dimensions of size 1.</summary>
    public static Attributes Encode(params ReadOnlySpan<long> axes) => IR.Attributes.Of(axes.ToArray());

    /// <inheritdoc/>
    protected override Shape ResultShape(Shape shape, Attributes attributes) =>
        Rules.Without(shape, Array.FindAll(Rules.Axes(attributes.Ints(Attributes, 0), shape), axis => shape[(int)axis] == 1));

    /// <inheritdoc/>
    protected override Value Move(IrBuilder builder, Value x, Shape to, Attributes attributes) => builder.PrimReshape(x, to);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Reshape(gradient, context.OperandType(0).Shape);

    /// <inheritdoc/>
    public override Value? WriteThrough(IrBuilder builder, Value viewed, Value written, Attributes attributes) => builder.Reshape(written, builder.ShapeOf(viewed));

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        yield return new(ShapeClass.Scalar, [SampleSets.Input(type, [])], Encode());
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [0, 1])], Encode(1));
        yield return new(ShapeClass.SizeOne, [SampleSets.Input(type, [1, 1])], Encode());
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 1, 7, 1])], Encode(-3, 0));
    }
}
