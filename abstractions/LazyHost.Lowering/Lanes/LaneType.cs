namespace LazyHost.Lowering.Lanes;

/// <summary>What a lane of a vector holds. Integers below 32 bits live in lanes of 32; f16 and bf16 in F32. A mask lane has the size of the lanes it was made from.</summary>
public enum LaneType : byte
{
    /// <summary>binary32.</summary>
    F32,
    /// <summary>binary64.</summary>
    F64,
    /// <summary>Signed, 32 bits.</summary>
    I32,
    /// <summary>Signed, 64 bits.</summary>
    I64,
    /// <summary>Unsigned, 32 bits.</summary>
    U32,
    /// <summary>Unsigned, 64 bits.</summary>
    U64,
    /// <summary>A mask over lanes of 32 bits.</summary>
    M32,
    /// <summary>A mask over lanes of 64 bits.</summary>
    M64,
}
