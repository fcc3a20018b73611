using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>Dimensions of size 1 put in. Attribute axes: where they are in the result; negative ones count from its end.</summary>
public sealed class Unsqueeze : ShapeForm
{
    private Unsqueeze() : base("unsqueeze", new AttributeSpec("axes", AttributeKind.Ints)) { }

    /// <summary>The form.</summary>
    public static Unsqueeze Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(params ReadOnlySpan<long> axes) => IR.Attributes.Of(axes.ToArray());

    /// <inheritdoc/>
    protected override Shape ResultShape(Shape shape, Attributes attributes)
    {
        var given = attributes.Ints(Attributes, 0);
        var rank = shape.Rank + given.Length;
        var added = new bool[rank];
        foreach (var axis in given)
        {
            Rules.RequireAttribute(axis >= -rank && axis < rank,
                $"axis {axis} is out of range for a result of {rank} dimensions, made of {shape}: use {-rank} to {rank - 1}");
            ref var place = ref added[axis < 0 ? axis + rank : axis];
            Rules.RequireAttribute(!place, $"axis {axis} is named twice in [{string.Join(", ", given.ToArray())}]");
            place = true;
        }
        var dims = new Dim[rank];
        for (int i = 0, from = 0; i < rank; i++) dims[i] = added[i] ? 1 : shape.Dim(from++);
        return LazyHost.Shape.Create(dims);
    }

    /// <inheritdoc/>
    protected override Value Move(IrBuilder builder, Value x, Shape to, Attributes attributes) => builder.PrimReshape(x, to);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Reshape(gradient, context.OperandType(0).Shape);

    /// <inheritdoc/>
    public override Value? WriteThrough(IrBuilder builder, Value viewed, Value written, Attributes attributes) => builder.Reshape(written, builder.ShapeOf(viewed));

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) =>
        SampleSets.Shapes.Select(s => new OperatorSample(s.Class, [SampleSets.Input(type, s.Shape)], Encode(0, -1)));
}
