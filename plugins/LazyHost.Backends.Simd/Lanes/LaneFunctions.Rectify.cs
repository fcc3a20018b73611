using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LazyHost.Backends.Simd.Lanes;

/// <summary>The greater of a number and +0: NaN stays, -0 becomes +0. AVX-512 maps the classes of numbers to answers in one instruction.</summary>
internal static unsafe partial class LaneFunctions
{
    // By class from the low end: quiet NaN itself, signalling NaN quieted, zero +0, one itself, -inf +0, inf itself, negative +0, positive itself.
    private const int RectifyTable = 0x18181821;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Rectify(Vector512<float> a) =>
        Avx512F.IsSupported ? Avx512F.Fixup(a, a, Vector512.Create<int>(RectifyTable), 0) : PickGreater(Vector512<float>.Zero, a) + Vector512<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Rectify(Vector256<float> a) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.Fixup(a, a, Vector256.Create<int>(RectifyTable), 0) : PickGreater(Vector256<float>.Zero, a) + Vector256<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Rectify(Vector128<float> a) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.Fixup(a, a, Vector128.Create<int>(RectifyTable), 0) : PickGreater(Vector128<float>.Zero, a) + Vector128<float>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Rectify(float a) => a <= 0 ? 0 : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Rectify(Vector512<double> a) =>
        Avx512F.IsSupported ? Avx512F.Fixup(a, a, Vector512.Create<long>(RectifyTable), 0) : PickGreater(Vector512<double>.Zero, a) + Vector512<double>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Rectify(Vector256<double> a) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.Fixup(a, a, Vector256.Create<long>(RectifyTable), 0) : PickGreater(Vector256<double>.Zero, a) + Vector256<double>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Rectify(Vector128<double> a) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.Fixup(a, a, Vector128.Create<long>(RectifyTable), 0) : PickGreater(Vector128<double>.Zero, a) + Vector128<double>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Rectify(double a) => a <= 0 ? 0 : a;
}
