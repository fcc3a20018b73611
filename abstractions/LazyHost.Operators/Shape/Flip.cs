using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The order of elements reversed along axes. Attribute axes; none means all, negative ones count from the end.</summary>
public sealed class Flip : ShapeForm
{
    private Flip() : base("flip", new AttributeSpec("axes", AttributeKind.Ints)) { }

    /// <summary>The form.</summary>
    public static Flip Form { get; } = new();

    /// <summary>Encodes the attributes; no axes means all.</summary>
    public static Attributes Encode(params ReadOnlySpan<long> axes) => IR.Attributes.Of(axes.ToArray());

    /// <inheritdoc/>
    protected override Shape ResultShape(Shape shape, Attributes attributes)
    {
        Rules.Axes(attributes.Ints(Attributes, 0), shape);
        return shape;
    }

    /// <inheritdoc/>
    protected override Value Move(IrBuilder builder, Value x, Shape to, Attributes attributes) =>
        builder.Emit(Primitives.Reverse, [x], IR.Attributes.Of(Rules.Axes(attributes.Ints(Attributes, 0), to)));

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Emit(Form, [gradient], context.Attributes);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        foreach (var (kind, shape) in SampleSets.Ranked)
        {
            yield return new(kind, [SampleSets.Input(type, shape)], Encode(-1));
            yield return new(kind, [SampleSets.Input(type, shape)], Encode());
        }
    }
}
