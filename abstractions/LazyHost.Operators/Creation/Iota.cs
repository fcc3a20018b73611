using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The index along an axis, counted from 0. Attributes dtype, sizes, axis.</summary>
public sealed class Iota : OperatorForm
{
    private Iota() : base("iota", new("dtype", AttributeKind.DType), new("sizes", AttributeKind.Ints), new("axis", AttributeKind.Int)) { }

    /// <summary>The form.</summary>
    public static Iota Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(DType type, ReadOnlySpan<long> sizes, long axis = 0) => IR.Attributes.Of(type, sizes.ToArray(), axis);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (0, 0);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireDType(context.DType(0), Rules.Numbers);
        outputs[0] = new(context.DType(0), LazyHost.Shape.Create(context.Ints(1)));
        outputs[0].Shape.Axis(context.Int(2));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var shape = LazyHost.Shape.Create(attributes.Ints(Attributes, 1));
        return [builder.Emit(Primitives.Iota, [], IR.Attributes.Of(attributes.DType(Attributes, 0), shape, shape.Axis(attributes.Int(Attributes, 2))))];
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        yield return new(ShapeClass.Empty, [], Encode(type, [0, 3], 1));
        yield return new(ShapeClass.SizeOne, [], Encode(type, [1, 1], 0));
        yield return new(ShapeClass.Odd, [], Encode(type, [3, 5, 7], -2));
        yield return new(ShapeClass.Large, [], Encode(type, [1025, 33], 1));
    }
}
