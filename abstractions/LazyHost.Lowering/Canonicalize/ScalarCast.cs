namespace LazyHost.Lowering.Canonicalize;

/// <summary>Conversions of one element in the form of the scalar block.</summary>
internal static class ScalarCast
{
    /// <summary>The converted element, or null where the result would depend on how often a backend rounds.</summary>
    public static long? Convert(long bits, DType from, DType to)
    {
        if (from == to) return bits;
        if (from.IsFloat())
        {
            var value = BitConverter.Int64BitsToDouble(bits);
            if (to == DType.Bool) return value != 0 ? 1 : 0;
            if (to.IsInteger()) return Saturate(value, to);
            var rounded = FromDouble(value, to);
            return from != DType.Float64 || to == DType.Float32 || BitConverter.Int64BitsToDouble(rounded) == value ? rounded : null;
        }
        if (to == DType.Bool) return bits != 0 ? 1 : 0;
        if (to.IsInteger()) return Wrap(bits, to);
        var unsigned = from == DType.UInt64;
        if (to == DType.Float64) return BitConverter.DoubleToInt64Bits(unsigned ? (ulong)bits : bits);
        var single = unsigned ? (ulong)bits : (float)bits;
        if (to == DType.Float32) return BitConverter.DoubleToInt64Bits(single);
        return Math.Abs((double)single) <= 1 << 24 ? FromDouble(single, to) : null;
    }

    /// <summary>A number rounded to a floating-point type.</summary>
    public static long FromDouble(double value, DType type) => BitConverter.DoubleToInt64Bits(type switch
    {
        DType.Float16 => (double)(Half)value,
        DType.BFloat16 => (float)(BFloat16)value,
        DType.Float32 => (float)value,
        _ => value,
    });

    /// <summary>The low bits of an integer, extended as the type says.</summary>
    public static long Wrap(long value, DType type) => type switch
    {
        DType.Bool => value & 1,
        DType.UInt8 => (byte)value,
        DType.Int8 => (sbyte)value,
        DType.UInt16 => (ushort)value,
        DType.Int16 => (short)value,
        DType.UInt32 => (uint)value,
        DType.Int32 => (int)value,
        _ => value,
    };

    private static long Saturate(double value, DType type) => type switch
    {
        _ when double.IsNaN(value) => 0,
        DType.UInt8 => (byte)Math.Clamp(Math.Truncate(value), byte.MinValue, byte.MaxValue),
        DType.Int8 => (sbyte)Math.Clamp(Math.Truncate(value), sbyte.MinValue, sbyte.MaxValue),
        DType.UInt16 => (ushort)Math.Clamp(Math.Truncate(value), ushort.MinValue, ushort.MaxValue),
        DType.Int16 => (short)Math.Clamp(Math.Truncate(value), short.MinValue, short.MaxValue),
        DType.UInt32 => (uint)Math.Clamp(Math.Truncate(value), uint.MinValue, uint.MaxValue),
        DType.Int32 => (int)Math.Clamp(Math.Truncate(value), int.MinValue, int.MaxValue),
        DType.UInt64 => value <= 0 ? 0 : value >= 18446744073709551616.0 ? -1 : (long)(ulong)value,
        _ => value >= 9223372036854775808.0 ? long.MaxValue : value <= -9223372036854775808.0 ? long.MinValue : (long)value,
    };
}
