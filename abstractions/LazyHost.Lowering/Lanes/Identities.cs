using LazyHost.IR;

namespace LazyHost.Lowering.Lanes;

/// <summary>What a reduction of nothing gives, as the bit pattern of its lane.</summary>
internal static class Identities
{
    public static long Of(PrimitiveKind kind, DType type, LaneType lane) => kind switch
    {
        PrimitiveKind.ReduceSum or PrimitiveKind.ReduceOr => 0,
        PrimitiveKind.ReduceProd => lane switch { LaneType.F32 => BitConverter.SingleToInt32Bits(1), LaneType.F64 => BitConverter.DoubleToInt64Bits(1), _ => 1 },
        PrimitiveKind.ReduceAnd => type == DType.Bool ? 1 : -1,
        PrimitiveKind.ReduceMax => Extreme(type, lane, isLeast: true),
        PrimitiveKind.ReduceMin => Extreme(type, lane, isLeast: false),
        _ => throw new CompilationException($"{kind} is no reduction"),
    };

    private static long Extreme(DType type, LaneType lane, bool isLeast)
    {
        if (lane == LaneType.F32) return BitConverter.SingleToInt32Bits(isLeast ? float.NegativeInfinity : float.PositiveInfinity);
        if (lane == LaneType.F64) return BitConverter.DoubleToInt64Bits(isLeast ? double.NegativeInfinity : double.PositiveInfinity);
        var bits = type.Size() * 8;
        if (!type.IsSigned()) return isLeast ? 0 : bits == 64 ? -1 : (1L << bits) - 1;
        var least = bits == 64 ? long.MinValue : -(1L << (bits - 1));
        return isLeast ? least : ~least;
    }
}
