using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Random numbers spread evenly over [0, 1), the same bits on every backend. Operands seed and ordinal (scalars of type u64). Attributes dtype
/// (floating-point), sizes. Each number is exact in its type: multiples of 2^-24 for f32, 2^-53 for f64, 2^-11 for f16, 2^-8 for bf16.
/// </summary>
public sealed class RandomUniform : RandomForm
{
    private RandomUniform() : base("random_uniform") { }

    /// <summary>The form.</summary>
    public static RandomUniform Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Draw(IrBuilder builder, Value seed, Value ordinal, TensorType type) =>
        RandomRules.Uniform(builder, RandomRules.Bits(builder, seed, ordinal, type.Shape, RandomRules.BitsFor(type.DType)), type.DType);

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;
}
