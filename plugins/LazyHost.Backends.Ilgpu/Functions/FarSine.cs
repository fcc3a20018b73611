using ILGPU;

namespace LazyHost.Backends.Ilgpu.Functions;

/// <summary>
/// Sine and cosine of arguments beyond the range of the polynomials' own reduction: the argument times 2 / pi in whole numbers, of which only the bits below four right
/// angles are computed (M. Payne, R. Hanek, Radian reduction for trigonometric functions, 1983), then the polynomials of Cephes and fdlibm.
/// </summary>
internal static class FarSine
{
    public static float SinFar(float x, float near) => ((int)Interop.FloatAsInt(x) & int.MaxValue) > 0x46000000 ? Far(x, 0) : near;

    public static float CosFar(float x, float near) => ((int)Interop.FloatAsInt(x) & int.MaxValue) > 0x46000000 ? Far(x, 1) : near;

    public static double SinFar(double x, double near) => ((long)Interop.FloatAsInt(x) & long.MaxValue) > 0x412E848000000000 ? Far(x, 0) : near;

    public static double CosFar(double x, double near) => ((long)Interop.FloatAsInt(x) & long.MaxValue) > 0x412E848000000000 ? Far(x, 1) : near;

    private static float Far(float x, int ahead)
    {
        var bits = (int)Interop.FloatAsInt(x);
        var exponent = ((bits >> 23) & 0xFF) - 127;
        if (exponent == 128) return Interop.IntAsFloat(0x7FC00000u);
        var mantissa = (ulong)(uint)((bits & 0x7FFFFF) | 0x800000);
        // The mantissa times 96 bits of 2 / pi; the highest two bits of the 96 that count are the right angles.
        var high = TwoOverPi.Bits(exponent + 39);
        var low = (mantissa * (TwoOverPi.Bits(exponent + 103) >> 32)) >> 32;
        var middle = (mantissa * (high & 0xFFFFFFFF)) + low;
        var top = (mantissa * (high >> 32)) + (middle >> 32);
        var product = (top << 32) | (middle & 0xFFFFFFFF);
        var angles = (int)(product >> 62);
        var fraction = (long)(product << 2);
        var isBelow = fraction < 0;
        if (isBelow) fraction = ~fraction;
        var whole = (float)(fraction >> 40) * 5.9604644775390625e-8f;
        var rest = (float)(fraction & 0xFFFFFFFFFF) * 5.421010862427522e-20f;
        var r = (whole * 1.57079637050628662f) + ((whole * -4.37113900018624283e-8f) + (rest * 1.57079637050628662f));
        if (isBelow) r = -r;
        var quadrant = angles + ahead + ((int)(product >> 61) & 1);
        var sign = bits & int.MinValue & ((ahead - 1) << 31);
        var z = r * r;
        var sine = r + (r * z * ((((-1.9515295891e-4f * z) + 8.3321608736e-3f) * z) - 1.6666654611e-1f));
        var cosine = 1 - (0.5f * z) + (z * z * ((((2.443315711809948e-5f * z) - 1.388731625493765e-3f) * z) + 4.166664568298827e-2f));
        var result = (quadrant & 1) == 0 ? sine : cosine;
        return Interop.IntAsFloat(Interop.FloatAsInt(result) ^ (uint)(((quadrant & 2) << 30) ^ sign));
    }

    private static double Far(double x, int ahead)
    {
        var bits = (long)Interop.FloatAsInt(x);
        var exponent = (int)((bits >> 52) & 0x7FF) - 1023;
        if (exponent == 1024) return Interop.IntAsFloat(0x7FF8000000000000ul);
        var mantissa = (ulong)((bits & 0xFFFFFFFFFFFFF) | 0x10000000000000);
        var (a, b, c) = (TwoOverPi.Bits(exponent + 10), TwoOverPi.Bits(exponent + 74), TwoOverPi.Bits(exponent + 138));
        var carried = HighProduct(mantissa, c);
        var middle = (mantissa * b) + carried;
        var top = (mantissa * a) + HighProduct(mantissa, b) + Carry(middle, carried);
        var angles = (int)(top >> 62);
        var fraction = (long)((top << 2) | (middle >> 62));
        var below = (long)(middle << 2);
        var isBelow = fraction < 0;
        if (isBelow) (fraction, below) = (~fraction, ~below);
        var whole = (double)(fraction >> 11) * 1.1102230246251565e-16;
        var rest = ((double)(fraction & 0x7FF) * 5.421010862427522e-20) + ((double)((below >> 1) & long.MaxValue) * 5.877471754111438e-39);
        var r = (whole * 1.5707963267948966) + ((whole * 6.123233995736766e-17) + (rest * 1.5707963267948966));
        if (isBelow) r = -r;
        var quadrant = angles + ahead + ((int)(top >> 61) & 1);
        var sign = bits & long.MinValue & ((long)(ahead - 1) << 63);
        var z = r * r;
        var sine = r + (r * z * ((((((((((1.58969099521155010221e-10 * z) - 2.50507602534068634195e-08) * z) + 2.75573137070700676789e-06) * z)
            - 1.98412698298579493134e-04) * z) + 8.33333333332248946124e-03) * z) - 1.66666666666666324348e-01));
        var half = z * 0.5;
        var w = 1 - half;
        var cosine = w + ((1 - w) - half + (z * z * ((((((((((-1.13596475577881948265e-11 * z) + 2.08757232129817482790e-09) * z) - 2.75573143513906633035e-07) * z)
            + 2.48015872894767294178e-05) * z) - 1.38888888888741095749e-03) * z) + 4.16666666666666019037e-02)));
        var result = (quadrant & 1) == 0 ? sine : cosine;
        return Interop.IntAsFloat(Interop.FloatAsInt(result) ^ (((ulong)(quadrant & 2) << 62) ^ (ulong)sign));
    }

    /// <summary>1 where a sum came out less than what was added; apart, because comparisons of unsigned numbers and floats do not share a method.</summary>
    private static ulong Carry(ulong sum, ulong added) => sum < added ? 1ul : 0ul;

    /// <summary>The upper half of a product.</summary>
    private static ulong HighProduct(ulong a, ulong b)
    {
        var (aLow, aHigh, bLow, bHigh) = (a & 0xFFFFFFFF, a >> 32, b & 0xFFFFFFFF, b >> 32);
        var middle = (aHigh * bLow) + ((aLow * bLow) >> 32);
        var other = (aLow * bHigh) + (middle & 0xFFFFFFFF);
        return (aHigh * bHigh) + (middle >> 32) + (other >> 32);
    }
}
