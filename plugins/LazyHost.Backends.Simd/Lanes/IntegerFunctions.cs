using System.Numerics;

namespace LazyHost.Backends.Simd.Lanes;

/// <summary>Integer arithmetic that vectors lack, on single lanes; nothing here traps.</summary>
internal static class IntegerFunctions
{
    public static T Divide<T>(T a, T b) where T : IBinaryInteger<T> => b == T.Zero ? T.AllBitsSet : IsMinusOne(b) ? T.Zero - a : a / b;

    public static T Remainder<T>(T a, T b) where T : IBinaryInteger<T> => b == T.Zero ? a : IsMinusOne(b) ? T.Zero : a % b;

    public static float Remainder(float a, float b) => a % b;

    public static double Remainder(double a, double b) => a % b;

    /// <summary>By squaring, wrapping.</summary>
    public static T Power<T>(T a, T b) where T : IBinaryInteger<T>
    {
        if (T.IsNegative(b)) return a == T.One ? T.One : IsMinusOne(a) ? (T.IsEvenInteger(b) ? T.One : a) : T.Zero;
        var result = T.One;
        for (; b != T.Zero; b >>= 1, a *= a)
            if (T.IsOddInteger(b)) result *= a;
        return result;
    }

    public static T ShiftLeft<T>(T a, T b, T width) where T : IBinaryInteger<T> => T.IsNegative(b) || b >= width ? T.Zero : a << int.CreateTruncating(b);

    public static T ShiftRight<T>(T a, T b, T width) where T : IBinaryInteger<T> =>
        T.IsNegative(b) || b >= width ? (T.IsNegative(a) ? T.AllBitsSet : T.Zero) : a >> int.CreateTruncating(b);

    private static bool IsMinusOne<T>(T value) where T : IBinaryInteger<T> => T.IsNegative(value) && value == T.AllBitsSet;
}
