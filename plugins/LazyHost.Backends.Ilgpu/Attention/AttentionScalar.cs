using ILGPU;
using LazyHost.Backends.Ilgpu.Functions;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>A number of an attention as kernels take it: from the scalar block, or as it is where the slot is negative.</summary>
internal readonly record struct AttentionScalar(int Slot, float Value)
{
    public static AttentionScalar Of(AttentionNumber number) => new(number.Slot, (float)number.Value);

    public float Read(ArrayView<long> scalars) => Slot >= 0 ? Conversions.NarrowBits(scalars[Slot]) : Value;
}
