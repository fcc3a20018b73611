using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Random numbers spread evenly over [0, 1), the same bits on every backend. Operands seed and ordinal (scalars of type u64). Attributes dtype
/// (floating-point), sizes. Each number is exact in its type: multiples of 2^-24 for f32, 2^-53 for f64, 2^-11 for f16, 2^-8 for bf16.
/// </summary>
public sealed class RandomUniform : OperatorForm
{
    private RandomUniform() : base("random_uniform", new("dtype", AttributeKind.DType), new("sizes", AttributeKind.Ints)) { }

    /// <summary>The form.</summary>
    public static RandomUniform Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(DType type, ReadOnlySpan<long> sizes) => IR.Attributes.Of(type, sizes.ToArray());

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => RandomRules.Seeds;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        RandomRules.RequireSeed(context.Operands, 0);
        Rules.RequireDType(context.DType(0), Rules.Floats);
        outputs[0] = new(context.DType(0), LazyHost.Shape.Create(context.Ints(1)));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var (type, shape) = (attributes.DType(Attributes, 0), LazyHost.Shape.Create(attributes.Ints(Attributes, 1)));
        return [RandomRules.Uniform(builder, RandomRules.Bits(builder, operands[0], operands[1], shape, RandomRules.BitsFor(type)), type)];
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) => 
        Rules.Floats.SelectMany(of => RandomRules.Samples(shape => Encode(of, shape.Sizes)));
}
