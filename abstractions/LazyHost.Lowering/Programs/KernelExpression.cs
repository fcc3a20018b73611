using LazyHost.IR;

namespace LazyHost.Lowering.Programs;

/// <summary>One expression of a kernel; operands come before it in <see cref="Kernel.Expressions"/>. Types f16 and bf16 are computed in f32: a backend converts
/// at loads and stores, and may stay wide between.</summary>
public sealed record KernelExpression(KernelExpressionKind Kind, DType DType)
{
    /// <summary>The primitive of an Apply.</summary>
    public PrimitiveKind Primitive { get; init; }

    /// <summary>The operands of an Apply, as places in <see cref="Kernel.Expressions"/>.</summary>
    public IReadOnlyList<int> Operands { get; init; } = [];

    /// <summary>The access, slot, dimension or reduction.</summary>
    public int Index { get; init; }

    /// <summary>The literal's bits, or the stage of a Reduced.</summary>
    public long Bits { get; init; }
}
