using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>Elements repeated to sizes by numpy's rules: aligned at the last dimension, sizes equal or 1. Attribute sizes.</summary>
public sealed class BroadcastTo : ShapeForm
{
    private BroadcastTo() : base("broadcast_to", new AttributeSpec("sizes", AttributeKind.Ints)) { }

    /// <summary>The form.</summary>
    public static BroadcastTo Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(params ReadOnlySpan<long> sizes) => IR.Attributes.Of(sizes.ToArray());

    /// <inheritdoc/>
    protected override Shape ResultShape(Shape shape, Attributes attributes)
    {
        var to = LazyHost.Shape.Create(attributes.Ints(Attributes, 0));
        Rules.RequireShape(to.Rank >= shape.Rank, $"cannot broadcast {shape} to {to}: it has more dimensions");
        for (var i = 0; i < shape.Rank; i++)
            Rules.RequireShape(shape[i] == 1 || shape[i] == to[i + to.Rank - shape.Rank],
                $"cannot broadcast {shape} to {to}: dimension {i - shape.Rank} must be 1 or {to[i + to.Rank - shape.Rank]}");
        return to;
    }

    /// <inheritdoc/>
    protected override Value Move(IrBuilder builder, Value x, Shape to, Attributes attributes) => builder.PrimBroadcast(x, to);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => gradient;

    /// <inheritdoc/>
    public override Value? WriteThrough(IrBuilder builder, Value viewed, Value written, Attributes attributes) =>
        builder.ShapeOf(viewed).ElementCount == builder.ShapeOf(written).ElementCount ? builder.Reshape(written, builder.ShapeOf(viewed)) : null;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        yield return new(ShapeClass.Scalar, [SampleSets.Input(type, [])], Encode(3, 5));
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [1, 3])], Encode(0, 3));
        yield return new(ShapeClass.SizeOne, [SampleSets.Input(type, [1, 1])], Encode(2, 3));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 1, 7])], Encode(2, 3, 5, 7));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5])], Encode(1, 3, 5));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [1025])], Encode(33, 1025));
    }
}
