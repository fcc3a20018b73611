using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LazyHost.Backends.Simd.Lanes;

/// <summary>a * 2^b for whole b within the sum of two exponents: a may be any number, the result is rounded once.</summary>
internal static unsafe partial class LaneFunctions
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Scale(Vector512<float> a, Vector512<float> b)
    {
        if (Avx512F.IsSupported) return Avx512F.Scale(a, b);
        var whole = Vector512.ConvertToInt32(b);
        var half = Vector512.ShiftRightArithmetic(whole, 1);
        var bias = Vector512.Create<int>(127);
        return a * Vector512.ShiftLeft(half + bias, 23).AsSingle() * Vector512.ShiftLeft(whole - half + bias, 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Scale(Vector512<double> a, Vector512<double> b)
    {
        if (Avx512F.IsSupported) return Avx512F.Scale(a, b);
        var whole = Vector512.ConvertToInt64(b);
        var half = Vector512.ShiftRightArithmetic(whole, 1);
        var bias = Vector512.Create<long>(1023);
        return a * Vector512.ShiftLeft(half + bias, 52).AsDouble() * Vector512.ShiftLeft(whole - half + bias, 52).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(Vector256<float> a, Vector256<float> b)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.Scale(a, b);
        var whole = Vector256.ConvertToInt32(b);
        var half = Vector256.ShiftRightArithmetic(whole, 1);
        var bias = Vector256.Create<int>(127);
        return a * Vector256.ShiftLeft(half + bias, 23).AsSingle() * Vector256.ShiftLeft(whole - half + bias, 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Scale(Vector256<double> a, Vector256<double> b)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.Scale(a, b);
        var whole = Vector256.ConvertToInt64(b);
        var half = Vector256.ShiftRightArithmetic(whole, 1);
        var bias = Vector256.Create<long>(1023);
        return a * Vector256.ShiftLeft(half + bias, 52).AsDouble() * Vector256.ShiftLeft(whole - half + bias, 52).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scale(Vector128<float> a, Vector128<float> b)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.Scale(a, b);
        var whole = Vector128.ConvertToInt32(b);
        var half = Vector128.ShiftRightArithmetic(whole, 1);
        var bias = Vector128.Create<int>(127);
        return a * Vector128.ShiftLeft(half + bias, 23).AsSingle() * Vector128.ShiftLeft(whole - half + bias, 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Scale(Vector128<double> a, Vector128<double> b)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.Scale(a, b);
        var whole = Vector128.ConvertToInt64(b);
        var half = Vector128.ShiftRightArithmetic(whole, 1);
        var bias = Vector128.Create<long>(1023);
        return a * Vector128.ShiftLeft(half + bias, 52).AsDouble() * Vector128.ShiftLeft(whole - half + bias, 52).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(float a, float b)
    {
        var whole = (int)b;
        var half = whole >> 1;
        return a * BitConverter.Int32BitsToSingle((half + 127) << 23) * BitConverter.Int32BitsToSingle((whole - half + 127) << 23);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Scale(double a, double b)
    {
        var whole = (long)b;
        var half = whole >> 1;
        return a * BitConverter.Int64BitsToDouble((half + 1023) << 52) * BitConverter.Int64BitsToDouble((whole - half + 1023) << 52);
    }
}
