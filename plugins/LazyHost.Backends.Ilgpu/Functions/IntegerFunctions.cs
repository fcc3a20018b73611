using ILGPU.Util;

namespace LazyHost.Backends.Ilgpu.Functions;

/// <summary>
/// Integer arithmetic that never traps. Signed division goes by unsigned magnitudes: ILGPU makes a shift of a signed division by a literal power of two, which rounds the
/// wrong way.
/// </summary>
internal static class IntegerFunctions
{
    public static int Divide(int a, int b)
    {
        var quotient = (int)(Size(a) / Utilities.Select(b == 0, 1u, Size(b)));
        return Utilities.Select(b == 0, (int)(-1), Utilities.Select((a ^ b) < 0, 0 - quotient, quotient));
    }

    public static int Remainder(int a, int b)
    {
        var rest = (int)(Size(a) % Utilities.Select(b == 0, 1u, Size(b)));
        return Utilities.Select(b == 0, a, Utilities.Select(a < 0, 0 - rest, rest));
    }

    public static int Power(int a, int b)
    {
        var result = (int)Power((uint)a, (uint)Utilities.Select(b < 0, (int)0, b));
        var inverse = Utilities.Select(a == 1, (int)1, Utilities.Select(a == -1, Utilities.Select((b & 1) == 0, (int)1, (int)(-1)), (int)0));
        return Utilities.Select(b < 0, inverse, result);
    }

    private static uint Size(int a) => (uint)Utilities.Select(a < 0, 0 - a, a);

    public static int ShiftLeft(int a, int b, int width) => Utilities.Select((b < 0) | (b >= width), (int)0, a << (int)b);

    public static int ShiftRight(int a, int b, int width) => Utilities.Select((b < 0) | (b >= width), Utilities.Select(a < 0, (int)(-1), (int)0), a >> (int)b);

    public static int Max(int a, int b) => Utilities.Select(a > b, a, b);

    public static int Min(int a, int b) => Utilities.Select(a < b, a, b);

    public static bool LessThan(int a, int b) => a < b;

    public static bool LessThanOrEqual(int a, int b) => a <= b;

    public static long Divide(long a, long b)
    {
        var quotient = (long)(Size(a) / Utilities.Select(b == 0, 1ul, Size(b)));
        return Utilities.Select(b == 0, (long)(-1), Utilities.Select((a ^ b) < 0, 0 - quotient, quotient));
    }

    public static long Remainder(long a, long b)
    {
        var rest = (long)(Size(a) % Utilities.Select(b == 0, 1ul, Size(b)));
        return Utilities.Select(b == 0, a, Utilities.Select(a < 0, 0 - rest, rest));
    }

    public static long Power(long a, long b)
    {
        var result = (long)Power((ulong)a, (ulong)Utilities.Select(b < 0, (long)0, b));
        var inverse = Utilities.Select(a == 1, (long)1, Utilities.Select(a == -1, Utilities.Select((b & 1) == 0, (long)1, (long)(-1)), (long)0));
        return Utilities.Select(b < 0, inverse, result);
    }

    private static ulong Size(long a) => (ulong)Utilities.Select(a < 0, 0 - a, a);

    public static long ShiftLeft(long a, long b, long width) => Utilities.Select((b < 0) | (b >= width), (long)0, a << (int)b);

    public static long ShiftRight(long a, long b, long width) => Utilities.Select((b < 0) | (b >= width), Utilities.Select(a < 0, (long)(-1), (long)0), a >> (int)b);

    public static long Max(long a, long b) => Utilities.Select(a > b, a, b);

    public static long Min(long a, long b) => Utilities.Select(a < b, a, b);

    public static bool LessThan(long a, long b) => a < b;

    public static bool LessThanOrEqual(long a, long b) => a <= b;

    public static uint Divide(uint a, uint b) => Utilities.Select(b == 0, uint.MaxValue, a / Utilities.Select(b == 0, 1u, b));

    public static uint Remainder(uint a, uint b) => Utilities.Select(b == 0, a, a % Utilities.Select(b == 0, 1u, b));

    /// <summary>By squaring, wrapping.</summary>
    public static uint Power(uint a, uint b)
    {
        uint result = 1;
        for (; b != 0; b >>= 1)
        {
            result *= Utilities.Select((b & 1) == 0, 1u, a);
            a *= a;
        }
        return result;
    }

    public static uint ShiftLeft(uint a, uint b, uint width) => Utilities.Select((b >= width), (uint)0, a << (int)b);

    public static uint ShiftRight(uint a, uint b, uint width) => Utilities.Select(b >= width, (uint)0, a >> (int)b);

    public static uint Max(uint a, uint b) => Utilities.Select(a > b, a, b);

    public static uint Min(uint a, uint b) => Utilities.Select(a < b, a, b);

    public static bool LessThan(uint a, uint b) => a < b;

    public static bool LessThanOrEqual(uint a, uint b) => a <= b;

    public static ulong Divide(ulong a, ulong b) => Utilities.Select(b == 0, ulong.MaxValue, a / Utilities.Select(b == 0, 1ul, b));

    public static ulong Remainder(ulong a, ulong b) => Utilities.Select(b == 0, a, a % Utilities.Select(b == 0, 1ul, b));

    /// <summary>By squaring, wrapping.</summary>
    public static ulong Power(ulong a, ulong b)
    {
        ulong result = 1;
        for (; b != 0; b >>= 1)
        {
            result *= Utilities.Select((b & 1) == 0, 1ul, a);
            a *= a;
        }
        return result;
    }

    public static ulong ShiftLeft(ulong a, ulong b, ulong width) => Utilities.Select((b >= width), (ulong)0, a << (int)b);

    public static ulong ShiftRight(ulong a, ulong b, ulong width) => Utilities.Select(b >= width, (ulong)0, a >> (int)b);

    public static ulong Max(ulong a, ulong b) => Utilities.Select(a > b, a, b);

    public static ulong Min(ulong a, ulong b) => Utilities.Select(a < b, a, b);

    public static bool LessThan(ulong a, ulong b) => a < b;

    public static bool LessThanOrEqual(ulong a, ulong b) => a <= b;
}
