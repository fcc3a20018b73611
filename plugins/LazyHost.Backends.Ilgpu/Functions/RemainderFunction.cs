using ILGPU;

namespace LazyHost.Backends.Ilgpu.Functions;

/// <summary>The exact remainder of floats, with the sign of the dividend: long division of the mantissas, as many bits at a time as fit.</summary>
internal static class RemainderFunction
{
    public static float Remainder(float a, float b)
    {
        var sign = Interop.FloatAsInt(a) & 0x80000000u;
        var (x, y) = ((int)Interop.FloatAsInt(a) & int.MaxValue, (int)Interop.FloatAsInt(b) & int.MaxValue);
        if (x >= 0x7F800000 || y > 0x7F800000 || y == 0) return Interop.IntAsFloat(0x7FC00000u);
        if (x < y) return a;
        var (left, exponent) = (Exponent(x >> 23), Exponent(y >> 23));
        var divisor = (ulong)Mantissa(y, 23);
        var rest = (ulong)Mantissa(x, 23) % divisor;
        for (left -= exponent; left > 0; left -= 40) rest = (rest << (left < 40 ? left : 40)) % divisor;
        var whole = (long)rest;
        if (whole == 0) return Interop.IntAsFloat(sign);
        for (; whole < 0x800000 && exponent > 1; exponent--) whole <<= 1;
        var bits = whole < 0x800000 ? whole : (whole & 0x7FFFFF) | ((long)exponent << 23);
        return Interop.IntAsFloat((uint)bits | sign);
    }

    public static double Remainder(double a, double b)
    {
        var sign = Interop.FloatAsInt(a) & 0x8000000000000000ul;
        var (x, y) = ((long)Interop.FloatAsInt(a) & long.MaxValue, (long)Interop.FloatAsInt(b) & long.MaxValue);
        if (x >= 0x7FF0000000000000 || y > 0x7FF0000000000000 || y == 0) return Interop.IntAsFloat(0x7FF8000000000000ul);
        if (x < y) return a;
        var (left, exponent) = (Exponent((int)(x >> 52)), Exponent((int)(y >> 52)));
        var divisor = (ulong)Mantissa(y, 52);
        var rest = (ulong)Mantissa(x, 52) % divisor;
        for (left -= exponent; left > 0; left -= 11) rest = (rest << (left < 11 ? left : 11)) % divisor;
        var whole = (long)rest;
        if (whole == 0) return Interop.IntAsFloat(sign);
        for (; whole < 0x10000000000000 && exponent > 1; exponent--) whole <<= 1;
        var bits = whole < 0x10000000000000 ? whole : (whole & 0xFFFFFFFFFFFFF) | ((long)exponent << 52);
        return Interop.IntAsFloat((ulong)bits | sign);
    }

    private static int Exponent(int biased) => biased == 0 ? 1 : biased;

    private static long Mantissa(long bits, int size) => bits >> size == 0 ? bits : (bits & ((1L << size) - 1)) | (1L << size);
}
