using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The numbers 0 .. count-1, as i64, in a random order that is the same on every backend: the order that sorts 64 random bits for each. Two with equal bits,
/// which happens in count^2 / 2^65 of all draws, keep their order. Operands seed and ordinal (scalars of type u64). Attribute count.
/// </summary>
public sealed class RandomPermutation : OperatorForm
{
    private RandomPermutation() : base("random_permutation", new AttributeSpec("count", AttributeKind.Int)) { }

    /// <summary>The form.</summary>
    public static RandomPermutation Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(long count) => IR.Attributes.Of(count);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => RandomRules.Seeds;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        RandomRules.RequireSeed(context.Operands, 0);
        Rules.RequireAttribute(context.Int(0) >= 0, $"count is {context.Int(0)}; it must not be negative");
        outputs[0] = new(DType.Int64, [context.Int(0)]);
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var words = RandomRules.Words(builder, operands[0], operands[1], [attributes.Int(Attributes, 0)]);
        return [builder.Emit(Primitives.Sort, [words], IR.Attributes.Of(0, false)) with { Output = 1 }];
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        yield return new(ShapeClass.Empty, [RandomRules.Seed, RandomRules.Seed], Encode(0));
        yield return new(ShapeClass.SizeOne, [RandomRules.Seed, RandomRules.Seed], Encode(1));
        yield return new(ShapeClass.Odd, [RandomRules.Seed, RandomRules.Seed], Encode(37));
        yield return new(ShapeClass.Large, [RandomRules.Seed, RandomRules.Seed], Encode(4099));
    }
}
