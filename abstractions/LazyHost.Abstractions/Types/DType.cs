namespace LazyHost;

/// <summary>The element type of a tensor. The numbers are part of keys and files: they never change.</summary>
public enum DType : byte
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool = 0,
    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 1,
    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 2,
    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16 = 3,
    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 4,
    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32 = 5,
    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 6,
    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64 = 7,
    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 8,
    /// <summary>IEEE 754 binary16.</summary>
    Float16 = 9,
    /// <summary>bfloat16: the upper half of a binary32.</summary>
    BFloat16 = 10,
    /// <summary>IEEE 754 binary32.</summary>
    Float32 = 11,
    /// <summary>IEEE 754 binary64.</summary>
    Float64 = 12,
}
