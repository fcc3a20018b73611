using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LazyHost.Backends.Simd.Lanes;

/// <summary>Conversions between lanes of different sizes, and those whose plain form is not exact.</summary>
internal static unsafe partial class LaneFunctions
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> ToI64(Vector256<int> a) => Vector512.Create(Vector256.WidenLower(a), Vector256.WidenUpper(a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> ToI64(Vector256<uint> a) => Vector512.Create(Vector256.WidenLower(a), Vector256.WidenUpper(a)).AsInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ToI32(Vector512<long> a) => Vector256.Narrow(a.GetLower(), a.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ToF64(Vector256<float> a) => Vector512.Create(Vector256.WidenLower(a), Vector256.WidenUpper(a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToF32(Vector512<double> a) => Vector256.Narrow(a.GetLower(), a.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> ToI64(Vector128<int> a) => Vector256.Create(Vector128.WidenLower(a), Vector128.WidenUpper(a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> ToI64(Vector128<uint> a) => Vector256.Create(Vector128.WidenLower(a), Vector128.WidenUpper(a)).AsInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ToI32(Vector256<long> a) => Vector128.Narrow(a.GetLower(), a.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ToF64(Vector128<float> a) => Vector256.Create(Vector128.WidenLower(a), Vector128.WidenUpper(a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ToF32(Vector256<double> a) => Vector128.Narrow(a.GetLower(), a.GetUpper());
}
