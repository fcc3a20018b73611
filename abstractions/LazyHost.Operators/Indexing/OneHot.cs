using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// 1 at each index along a new last dimension, 0 elsewhere; an index outside 0 .. classes-1 gives zeros only. Operand: indices (i32 or i64).
/// Attributes classes (the size of the new dimension), dtype of the result.
/// </summary>
public sealed class OneHot : OperatorForm
{
    private OneHot() : base("one_hot", new("classes", AttributeKind.Int), new("dtype", AttributeKind.DType)) { }

    /// <summary>The form.</summary>
    public static OneHot Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(long classes, DType type = DType.Int64) => IR.Attributes.Of(classes, type);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (1, 1);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Indices;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireIndex(context.Operands[0].DType);
        Rules.RequireAttribute(context.Int(0) >= 0, $"classes are {context.Int(0)}; they must not be negative");
        outputs[0] = new(context.DType(1), LazyHost.Shape.Create([.. Rules.Dims(context.Operands[0].Shape), context.Int(0)]));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var indices = builder.Unsqueeze(operands[0], -1);
        var places = builder.Iota(new(builder.DTypeOf(indices), [attributes.Int(Attributes, 0)]), 0);
        return [builder.PrimCast(builder.Eq(indices, places), attributes.DType(Attributes, 1))];
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        yield return new(ShapeClass.Scalar, [new(new(type, []), 0, 4)], Encode(5));
        yield return new(ShapeClass.Empty, [new(new(type, [0]), 0, 4)], Encode(5, DType.Float32));
        yield return new(ShapeClass.SizeOne, [new(new(type, [1]), 0, 0)], Encode(1, DType.Bool));
        yield return new(ShapeClass.Odd, [new(new(type, [3, 5]), -1, 7)], Encode(7, DType.BFloat16));
        yield return new(ShapeClass.Large, [new(new(type, [1025]), 0, 32)], Encode(33, DType.Float32));
    }
}
