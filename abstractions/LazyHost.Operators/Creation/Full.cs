using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>One number, a scalar operand, for all elements. Attribute sizes.</summary>
public sealed class Full : ShapeForm
{
    private Full() : base("full", new AttributeSpec("sizes", AttributeKind.Ints)) { }

    /// <summary>The form.</summary>
    public static Full Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(params ReadOnlySpan<long> sizes) => IR.Attributes.Of(sizes.ToArray());

    /// <inheritdoc/>
    protected override Shape ResultShape(Shape shape, Attributes attributes)
    {
        Rules.RequireShape(shape.Rank == 0, $"the number to fill with has shape {shape}; it must be a scalar");
        return LazyHost.Shape.Create(attributes.Ints(Attributes, 0));
    }

    /// <inheritdoc/>
    protected override Value Move(IrBuilder builder, Value x, Shape to, Attributes attributes) => builder.PrimBroadcast(x, to);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => gradient;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) =>
        SampleSets.Shapes.Select(s => new OperatorSample(s.Class, [SampleSets.Input(type, [])], Encode(s.Shape.Sizes)));
}
