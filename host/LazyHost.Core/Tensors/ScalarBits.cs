namespace LazyHost;

/// <summary>Numbers in the form of the scalar block: 64 bits, the bits of a double already rounded to the type, or an extended integer.</summary>
internal static class ScalarBits
{
    public static long From(DType type, double number, long integer, bool isFloat) => type switch
    {
        DType.Float64 => Bits(number),
        DType.Float32 => Bits((float)number),
        DType.Float16 => Bits((double)(Half)number),
        DType.BFloat16 => Bits((BFloat16)(float)number),
        _ => Wrap(type, isFloat ? (long)number : integer),
    };

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    private static long Wrap(DType type, long value) => type switch
    {
        DType.Bool => value != 0 ? 1 : 0,
        DType.UInt8 => (byte)value,
        DType.Int8 => (sbyte)value,
        DType.UInt16 => (ushort)value,
        DType.Int16 => (short)value,
        DType.UInt32 => (uint)value,
        DType.Int32 => (int)value,
        _ => value,
    };
}
