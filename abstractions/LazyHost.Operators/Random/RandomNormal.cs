using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Random numbers of the standard normal distribution, by the transform of Box and Muller (1958). Operands seed and ordinal (scalars of type u64).
/// Attributes dtype (floating-point), sizes. f16 and bf16 are computed in f32.
/// </summary>
public sealed class RandomNormal : RandomForm
{
    private RandomNormal() : base("random_normal") { }

    /// <summary>The form.</summary>
    public static RandomNormal Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Draw(IrBuilder builder, Value seed, Value ordinal, TensorType type)
    {
        var wide = type.DType.ComputeType();
        var each = RandomRules.BitsFor(wide);
        var bits = RandomRules.Bits(builder, seed, ordinal, type.Shape, 2 * each);
        var radius = builder.Sqrt(builder.Mul(RandomRules.Exponential(builder, bits.AsSpan(0, each), wide), 2));
        var angle = builder.Mul(RandomRules.Uniform(builder, bits.AsSpan(each), wide), 2 * Math.PI);
        return builder.PrimCast(builder.Mul(radius, builder.Cos(angle)), type.DType);
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(type is DType.Float32 or DType.Float64 ? 10 : 4);
}
