using ILGPU;
using ILGPU.Util;

namespace LazyHost.Backends.Ilgpu.Functions;

/// <summary>Conversions by value. Floats to integers truncate and saturate, NaN gives 0; devices leave that open.</summary>
internal static class Conversions
{
    public static int ToI32(float a)
    {
        var isInside = (a > -2147483904f) & (a < 2147483648f);
        return Utilities.Select(isInside, (int)Utilities.Select(isInside, a, 0), Utilities.Select(a > 0, int.MaxValue, Utilities.Select(a < 0, int.MinValue, 0)));
    }

    public static uint ToU32(float a)
    {
        var isInside = (a > 0) & (a < 4294967296f);
        return Utilities.Select(isInside, (uint)(long)Utilities.Select(isInside, a, 0), Utilities.Select(a > 0, uint.MaxValue, 0u));
    }

    public static long ToI64(double a)
    {
        var isInside = (a > -9223372036854777856.0) & (a < 9223372036854775808.0);
        return Utilities.Select(isInside, (long)Utilities.Select(isInside, a, 0), Utilities.Select(a > 0, long.MaxValue, Utilities.Select(a < 0, long.MinValue, 0)));
    }

    public static ulong ToU64(double a)
    {
        var isLow = (a > 0) & (a < 9223372036854775808.0);
        var isHigh = (a > 9223372036854774784.0) & (a < 18446744073709551616.0);
        var low = (ulong)(long)Utilities.Select(isLow, a, 0);
        var high = (ulong)(long)Utilities.Select(isHigh, a - 9223372036854775808.0, 0) | 0x8000000000000000;
        return Utilities.Select(isLow, low, Utilities.Select(isHigh, high, Utilities.Select(a > 0, ulong.MaxValue, 0ul)));
    }

    public static float ToF32(double a) => (float)a;

    public static double ToF64(float a) => a;

    public static float ToF32(int a) => a;

    public static float ToF32(long a) => a;

    public static double ToF64(long a) => a;

    public static double ToF64(int a) => a;

    public static float ToF32(uint a) => (long)a;

    public static double ToF64(uint a) => (long)a;

    /// <summary>Large ones are halved first; the bit that falls off stays to be seen by the rounding.</summary>
    public static float ToF32(ulong a)
    {
        var isLarge = (long)a < 0;
        var rounded = (float)(long)Utilities.Select(isLarge, (a >> 1) | (a & 1), a);
        return Utilities.Select(isLarge, rounded + rounded, rounded);
    }

    public static double ToF64(ulong a)
    {
        var isLarge = (long)a < 0;
        var rounded = (double)(long)Utilities.Select(isLarge, (a >> 1) | (a & 1), a);
        return Utilities.Select(isLarge, rounded + rounded, rounded);
    }

    public static long ToI64(int a) => a;

    public static long ToI64(uint a) => a;

    public static int ToI32(long a) => (int)a;

    /// <summary>The bits of a binary64 as binary32, rounded to nearest: the scalar block holds floats so, and not every device has binary64.</summary>
    public static float NarrowBits(long bits)
    {
        var sign = (uint)((bits >> 63) << 31);
        var size = bits & long.MaxValue;
        var mantissa = size & 0xFFFFFFFFFFFFF;
        var exponent = (int)(size >> 52) - 896;
        long result;
        if (size >= 0x7FF0000000000000)
        {
            result = 0x7F800000 | (mantissa >> 29) | Utilities.Select(mantissa == 0, 0L, 0x400000L);
        }
        else if (exponent >= 255)
        {
            result = 0x7F800000;
        }
        else if (exponent > 0)
        {
            var whole = ((long)exponent << 52) | mantissa;
            result = (whole + 0xFFFFFFF + ((whole >> 29) & 1)) >> 29;
        }
        else
        {
            var shift = Utilities.Select(exponent > -32, 30 - exponent, 62);
            var whole = mantissa | 0x10000000000000;
            result = (whole + (1L << (shift - 1)) - 1 + ((whole >> shift) & 1)) >> shift;
        }
        return Interop.IntAsFloat((uint)result | sign);
    }
}
