using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Random numbers of the standard normal distribution, by the transform of Box and Muller (1958). Operands seed and ordinal (scalars of type u64).
/// Attributes dtype (floating-point), sizes. f16 and bf16 are computed in f32.
/// </summary>
public sealed class RandomNormal : OperatorForm
{
    private RandomNormal() : base("random_normal", new("dtype", AttributeKind.DType), new("sizes", AttributeKind.Ints)) { }

    /// <summary>The form.</summary>
    public static RandomNormal Form { get; } = new();

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
        var wide = type.ComputeType();
        var each = RandomRules.BitsFor(wide);
        var bits = RandomRules.Bits(builder, operands[0], operands[1], shape, 2 * each);
        // 1 - u lies in (0, 1], so that the logarithm is finite.
        var radius = builder.Sqrt(builder.Mul(builder.Log1p(builder.Neg(RandomRules.Uniform(builder, bits.AsSpan(0, each), wide))), -2));
        var angle = builder.Mul(RandomRules.Uniform(builder, bits.AsSpan(each), wide), 2 * Math.PI);
        return [builder.PrimCast(builder.Mul(radius, builder.Cos(angle)), type)];
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(type is DType.Float32 or DType.Float64 ? 10 : 4);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) => 
        Rules.Floats.SelectMany(of => RandomRules.Samples(shape => Encode(of, shape.Sizes)));
}
