using ILGPU;
using ILGPU.Util;

namespace LazyHost.Backends.Ilgpu.Functions;

/// <summary>
/// Operations on floats. Comparisons are values that a select takes: a branch the C# compiler turns round would be an unordered one, of which ILGPU's OpenCL compiler
/// forgets that NaN passes it; and those whose left side may become a literal are functions, since its PTX compiler has NaN pass them.
/// </summary>
internal static class FloatFunctions
{
    /// <summary>NaN where an operand is NaN; of two equal numbers, which may be zeros, bits decide: +0 is the greater.</summary>
    public static float Max(float a, float b)
    {
        var equal = Interop.IntAsFloat(Interop.FloatAsInt(a) & Interop.FloatAsInt(b));
        return Utilities.Select(a == b, equal, Utilities.Select(DeviceMath.LessThan(b, a), a, Utilities.Select(DeviceMath.LessThan(a, b), b, a + b)));
    }

    public static double Max(double a, double b)
    {
        var equal = Interop.IntAsFloat(Interop.FloatAsInt(a) & Interop.FloatAsInt(b));
        return Utilities.Select(a == b, equal, Utilities.Select(DeviceMath.LessThan(b, a), a, Utilities.Select(DeviceMath.LessThan(a, b), b, a + b)));
    }

    public static float Min(float a, float b)
    {
        var equal = Interop.IntAsFloat(Interop.FloatAsInt(a) | Interop.FloatAsInt(b));
        return Utilities.Select(a == b, equal, Utilities.Select(DeviceMath.LessThan(a, b), a, Utilities.Select(DeviceMath.LessThan(b, a), b, a + b)));
    }

    public static double Min(double a, double b)
    {
        var equal = Interop.IntAsFloat(Interop.FloatAsInt(a) | Interop.FloatAsInt(b));
        return Utilities.Select(a == b, equal, Utilities.Select(DeviceMath.LessThan(a, b), a, Utilities.Select(DeviceMath.LessThan(b, a), b, a + b)));
    }

    public static float PickLess(float a, float b) => Utilities.Select(DeviceMath.LessThan(a, b), a, b);

    public static double PickLess(double a, double b) => Utilities.Select(DeviceMath.LessThan(a, b), a, b);

    public static float PickGreater(float a, float b) => Utilities.Select(DeviceMath.LessThan(b, a), a, b);

    public static double PickGreater(double a, double b) => Utilities.Select(DeviceMath.LessThan(b, a), a, b);

    public static float Rectify(float a) => Utilities.Select(DeviceMath.LessThanOrEqual(a, 0), 0, a);

    public static double Rectify(double a) => Utilities.Select(DeviceMath.LessThanOrEqual(a, 0), 0, a);

    /// <summary>a * 2^b for whole b within the sum of two exponents, rounded once.</summary>
    public static float Scale(float a, float b)
    {
        var whole = (int)b;
        var half = whole >> 1;
        return a * Interop.IntAsFloat((uint)(half + 127) << 23) * Interop.IntAsFloat((uint)(whole - half + 127) << 23);
    }

    public static double Scale(double a, double b)
    {
        var whole = (long)b;
        var half = whole >> 1;
        return a * Interop.IntAsFloat((ulong)(half + 1023) << 52) * Interop.IntAsFloat((ulong)(whole - half + 1023) << 52);
    }
}
