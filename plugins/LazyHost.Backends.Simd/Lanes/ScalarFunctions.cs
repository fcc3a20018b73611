using LazyHost.Lowering.Lanes;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace LazyHost.Backends.Simd.Lanes;

/// <summary>What <see cref="LaneOp"/> means for a single lane, under the names of the vector classes' methods.</summary>
internal static class ScalarFunctions
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)] public static T Add<T>(T a, T b) where T : IBinaryNumber<T> => a + b;
    [MethodImpl(Inline)] public static T Subtract<T>(T a, T b) where T : IBinaryNumber<T> => a - b;
    [MethodImpl(Inline)] public static T Multiply<T>(T a, T b) where T : IBinaryNumber<T> => a * b;
    [MethodImpl(Inline)] public static T Divide<T>(T a, T b) where T : IBinaryNumber<T> => a / b;
    [MethodImpl(Inline)] public static float Sqrt(float a) => MathF.Sqrt(a);
    [MethodImpl(Inline)] public static double Sqrt(double a) => Math.Sqrt(a);
    [MethodImpl(Inline)] public static float FusedMultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);
    [MethodImpl(Inline)] public static double FusedMultiplyAdd(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);
    [MethodImpl(Inline)] public static float Floor(float a) => MathF.Floor(a);
    [MethodImpl(Inline)] public static double Floor(double a) => Math.Floor(a);
    [MethodImpl(Inline)] public static float Ceiling(float a) => MathF.Ceiling(a);
    [MethodImpl(Inline)] public static double Ceiling(double a) => Math.Ceiling(a);
    [MethodImpl(Inline)] public static float Round(float a) => MathF.Round(a);
    [MethodImpl(Inline)] public static double Round(double a) => Math.Round(a);
    [MethodImpl(Inline)] public static float Truncate(float a) => MathF.Truncate(a);
    [MethodImpl(Inline)] public static double Truncate(double a) => Math.Truncate(a);
    [MethodImpl(Inline)] public static T Max<T>(T a, T b) where T : INumber<T> => T.Max(a, b);
    [MethodImpl(Inline)] public static T Min<T>(T a, T b) where T : INumber<T> => T.Min(a, b);
    [MethodImpl(Inline)] public static T PickLess<T>(T a, T b) where T : INumber<T> => a < b ? a : b;
    [MethodImpl(Inline)] public static T PickGreater<T>(T a, T b) where T : INumber<T> => a > b ? a : b;
    [MethodImpl(Inline)] public static T BitwiseAnd<T>(T a, T b) where T : IBinaryInteger<T> => a & b;
    [MethodImpl(Inline)] public static T BitwiseOr<T>(T a, T b) where T : IBinaryInteger<T> => a | b;
    [MethodImpl(Inline)] public static T Xor<T>(T a, T b) where T : IBinaryInteger<T> => a ^ b;
    [MethodImpl(Inline)] public static T OnesComplement<T>(T a) where T : IBinaryInteger<T> => ~a;
    [MethodImpl(Inline)] public static bool BitwiseAnd(bool a, bool b) => a & b;
    [MethodImpl(Inline)] public static bool BitwiseOr(bool a, bool b) => a | b;
    [MethodImpl(Inline)] public static bool Xor(bool a, bool b) => a ^ b;
    [MethodImpl(Inline)] public static bool OnesComplement(bool a) => !a;
    [MethodImpl(Inline)] public static T ShiftLeft<T>(T a, int count) where T : IBinaryInteger<T> => a << count;
    [MethodImpl(Inline)] public static T ShiftRightLogical<T>(T a, int count) where T : IBinaryInteger<T> => a >>> count;
    [MethodImpl(Inline)] public static T ShiftRightArithmetic<T>(T a, int count) where T : IBinaryInteger<T> => a >> count;
    [MethodImpl(Inline)] public static bool Equals<T>(T a, T b) where T : INumber<T> => a == b;
    [MethodImpl(Inline)] public static bool LessThan<T>(T a, T b) where T : INumber<T> => a < b;
    [MethodImpl(Inline)] public static bool LessThanOrEqual<T>(T a, T b) where T : INumber<T> => a <= b;
    [MethodImpl(Inline)] public static T ConditionalSelect<T>(bool mask, T a, T b) => mask ? a : b;
    [MethodImpl(Inline)] public static TTo Reinterpret<TFrom, TTo>(TFrom a) where TFrom : unmanaged where TTo : unmanaged => Unsafe.BitCast<TFrom, TTo>(a);

    /// <summary>Floats truncate and saturate, NaN gives 0; integers wrap; others round to nearest.</summary>
    [MethodImpl(Inline)]
    public static TTo Convert<TFrom, TTo>(TFrom a) where TFrom : INumber<TFrom> where TTo : INumber<TTo> =>
        typeof(TFrom) == typeof(float) || typeof(TFrom) == typeof(double) ? TTo.CreateSaturating(a) : TTo.CreateTruncating(a);
}
