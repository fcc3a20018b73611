using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Random numbers of the exponential distribution with mean 1: -log(1 - u) for an even u in [0, 1). Operands seed and ordinal (scalars of type u64).
/// Attributes dtype (floating-point), sizes. f16 and bf16 are computed in f32.
/// </summary>
public sealed class RandomExponential : RandomForm
{
    private RandomExponential() : base("random_exponential") { }

    /// <summary>The form.</summary>
    public static RandomExponential Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Draw(IrBuilder builder, Value seed, Value ordinal, TensorType type)
    {
        var wide = type.DType.ComputeType();
        var bits = RandomRules.Bits(builder, seed, ordinal, type.Shape, RandomRules.BitsFor(wide));
        return builder.PrimCast(RandomRules.Exponential(builder, bits, wide), type.DType);
    }
}
