using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Random integers from low up to but without high, the same on every backend. Operands seed and ordinal (scalars of type u64), low and high (scalars of
/// type i64, low less than high). Attributes dtype (integer), sizes. Each is the remainder of 64 random bits, so that no number is likelier than another
/// by more than (high - low) / 2^64.
/// </summary>
public sealed class RandomIntegers : OperatorForm
{
    private RandomIntegers() : base("random_integers", new("dtype", AttributeKind.DType), new("sizes", AttributeKind.Ints)) { }

    /// <summary>The form.</summary>
    public static RandomIntegers Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(DType type, ReadOnlySpan<long> sizes) => IR.Attributes.Of(type, sizes.ToArray());

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (4, 4);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => RandomRules.Seeds;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        RandomRules.RequireSeed(context.Operands, 0);
        Rules.RequireDType(context.DType(0), Rules.Integers);
        foreach (var bound in context.Operands[2..])
            if (bound.DType != DType.Int64 || bound.Shape.Rank != 0) throw new DTypeMismatchException($"a bound is {bound}; it must be a scalar of type i64");
        outputs[0] = new(context.DType(0), LazyHost.Shape.Create(context.Ints(1)));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var (type, shape) = (attributes.DType(Attributes, 0), LazyHost.Shape.Create(attributes.Ints(Attributes, 1)));
        var word = RandomRules.Words(builder, operands[0], operands[1], shape);
        var range = builder.PrimBroadcast(builder.PrimCast(builder.Prim(Primitives.Sub, operands[3], operands[2]), DType.UInt64), shape);
        var offset = builder.PrimCast(builder.Prim(Primitives.Rem, word, range), DType.Int64);
        return [builder.PrimCast(builder.Prim(Primitives.Add, offset, builder.PrimBroadcast(operands[2], shape)), type)];
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) => 
        Rules.Integers.SelectMany(of => RandomRules.Samples(shape => Encode(of, shape.Sizes), new(new(DType.Int64, []), 0, 10),
            new(new(DType.Int64, []), 11, 100)));
}
