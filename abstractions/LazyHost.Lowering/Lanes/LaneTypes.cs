namespace LazyHost.Lowering.Lanes;

/// <summary>What lanes of a type are.</summary>
public static class LaneTypes
{
    /// <summary>The lane that computes with elements of a type.</summary>
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

    /// <summary>Bytes of a lane.</summary>
    public static int Size(this LaneType type) => type is LaneType.F64 or LaneType.I64 or LaneType.U64 or LaneType.M64 ? 8 : 4;

    /// <summary>True for masks.</summary>
    public static bool IsMask(this LaneType type) => type is LaneType.M32 or LaneType.M64;

    /// <summary>True for floats.</summary>
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
