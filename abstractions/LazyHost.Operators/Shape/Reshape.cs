using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The same elements, in row-major order, under other sizes. Attribute sizes, one of which may be -1: what is left.</summary>
public sealed class Reshape : ShapeForm
{
    private Reshape() : base("reshape", new AttributeSpec("sizes", AttributeKind.Ints)) { }

    /// <summary>The form.</summary>
    public static Reshape Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(params ReadOnlySpan<long> sizes) => IR.Attributes.Of(sizes.ToArray());

    /// <inheritdoc/>
    protected override Shape ResultShape(Shape shape, Attributes attributes)
    {
        var sizes = attributes.Ints(Attributes, 0).ToArray();
        var open = Array.IndexOf(sizes, -1);
        if (open >= 0)
        {
            sizes[open] = 1;
            Rules.RequireAttribute(!sizes.Contains(-1),
                $"only one size may be -1, but the sizes are [{string.Join(", ", attributes.Ints(Attributes, 0).ToArray())}]");
            var rest = LazyHost.Shape.Create(sizes).ElementCount;
            Rules.RequireShape(rest > 0 && shape.ElementCount % rest == 0,
                $"cannot reshape {shape} to [{string.Join(", ", attributes.Ints(Attributes, 0).ToArray())}]: {shape.ElementCount} elements do not divide so");
            sizes[open] = shape.ElementCount / rest;
        }
        var to = LazyHost.Shape.Create(sizes);
        Rules.RequireShape(to.ElementCount == shape.ElementCount,
            $"cannot reshape {shape} ({shape.ElementCount} elements) to {to} ({to.ElementCount} elements)");
        return to.Equals(shape) ? shape : to;
    }

    /// <inheritdoc/>
    protected override Value Move(IrBuilder builder, Value x, Shape to, Attributes attributes) => builder.PrimReshape(x, to);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Reshape(gradient, context.OperandType(0).Shape);

    /// <inheritdoc/>
    public override Value? WriteThrough(IrBuilder builder, Value viewed, Value written, Attributes attributes) => builder.Reshape(written, builder.ShapeOf(viewed));

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        yield return new(ShapeClass.Scalar, [SampleSets.Input(type, [])], Encode(1, 1));
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [0, 3])], Encode(3, 0));
        yield return new(ShapeClass.SizeOne, [SampleSets.Input(type, [1, 1])], Encode());
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5, 7])], Encode(5, -1));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025])], Encode(1025, 33));
    }
}
