namespace LazyHost.IR;

/// <summary>The 64 bits by which one number is given to a program, in its scalar block and in the elements of constants: the bits of a double (already
/// rounded to the type) for floating-point types, a sign- or zero-extended integer for the others.</summary>
public static class ScalarBits
{
    /// <summary>The bits of a number in an element type: rounded to it for floating-point types, truncated and saturated for integers, not 0 for bool. NaN gives 0 as an integer.</summary>
    public static long Of(DType type, double value) => type switch
    {
        DType.Float64 => BitConverter.DoubleToInt64Bits(value),
        DType.Float32 => BitConverter.DoubleToInt64Bits((float)value),
        DType.Float16 => BitConverter.DoubleToInt64Bits((double)(Half)value),
        DType.BFloat16 => BitConverter.DoubleToInt64Bits((float)(BFloat16)value),
        DType.Bool => value != 0 ? 1 : 0,
        DType.UInt8 => byte.CreateSaturating(value),
        DType.Int8 => sbyte.CreateSaturating(value),
        DType.UInt16 => ushort.CreateSaturating(value),
        DType.Int16 => short.CreateSaturating(value),
        DType.UInt32 => uint.CreateSaturating(value),
        DType.Int32 => int.CreateSaturating(value),
        DType.UInt64 => (long)ulong.CreateSaturating(value),
        _ => long.CreateSaturating(value),
    };

    /// <summary>The bits of a whole number in an element type: wrapped to its width for integers, rounded for floating-point types, not 0 for bool.</summary>
    public static long Of(DType type, long value) => type switch
    {
        DType.Bool => value != 0 ? 1 : 0,
        DType.UInt8 => (byte)value,
        DType.Int8 => (sbyte)value,
        DType.UInt16 => (ushort)value,
        DType.Int16 => (short)value,
        DType.UInt32 => (uint)value,
        DType.Int32 => (int)value,
        DType.UInt64 or DType.Int64 => value,
        _ => Of(type, (double)value),
    };

    /// <summary>The number the bits stand for; integers beyond 2^53 are rounded.</summary>
    public static double ToDouble(DType type, long bits) => type.IsFloat() ? BitConverter.Int64BitsToDouble(bits) : type == DType.UInt64 ? (ulong)bits : bits;
}
