namespace LazyHost.Backends.Simd.Lanes;

/// <summary>What a lane of a vector holds. Integers below 32 bits live in lanes of 32; f16 and bf16 in F32. A mask lane has the size of the lanes it was made from.</summary>
internal enum LaneType : byte
{
    F32, F64, I32, I64, U32, U64, M32, M64,
}

internal static class LaneTypes
{
    public static LaneType Of(DType type) => type switch
    {
        DType.Bool => LaneType.M32,
        DType.UInt32 => LaneType.U32,
        DType.UInt64 => LaneType.U64,
        DType.Int64 => LaneType.I64,
        DType.Float64 => LaneType.F64,
        DType.Float16 or DType.BFloat16 or DType.Float32 => LaneType.F32,
        _ => LaneType.I32,
    };

    public static int Size(this LaneType type) => type is LaneType.F64 or LaneType.I64 or LaneType.U64 or LaneType.M64 ? 8 : 4;

    public static bool IsMask(this LaneType type) => type is LaneType.M32 or LaneType.M64;

    public static bool IsFloat(this LaneType type) => type is LaneType.F32 or LaneType.F64;

    /// <summary>The element of a vector of such lanes.</summary>
    public static Type Element(this LaneType type) => type switch
    {
        LaneType.F32 => typeof(float),
        LaneType.F64 => typeof(double),
        LaneType.I32 or LaneType.M32 => typeof(int),
        LaneType.U32 => typeof(uint),
        LaneType.U64 => typeof(ulong),
        _ => typeof(long),
    };

    /// <summary>The type of a lane alone, in scalar code, where a mask is a bool.</summary>
    public static Type ScalarElement(this LaneType type) => type.IsMask() ? typeof(bool) : type.Element();
}
