using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LazyHost.Backends.Simd.Lanes;

/// <summary>Sine and cosine of arguments too large for the vector reduction: replaced lane by lane; near ones pass.</summary>
internal static unsafe partial class LaneFunctions
{
    private const float FarSingle = 8192;
    private const double FarDouble = 1e6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SinFar(float x, float near) => Math.Abs(x) > FarSingle ? (float)Math.Sin(x) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SinFar(Vector512<float> x, Vector512<float> near) =>
        Vector512.GreaterThanAny(Vector512.Abs(x), Vector512.Create(FarSingle)) ? SinEach(x, near) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SinFar(Vector256<float> x, Vector256<float> near) =>
        Vector256.GreaterThanAny(Vector256.Abs(x), Vector256.Create(FarSingle)) ? SinEach(x, near) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SinFar(Vector128<float> x, Vector128<float> near) =>
        Vector128.GreaterThanAny(Vector128.Abs(x), Vector128.Create(FarSingle)) ? SinEach(x, near) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SinFar(double x, double near) => Math.Abs(x) > FarDouble ? (double)Math.Sin(x) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> SinFar(Vector512<double> x, Vector512<double> near) =>
        Vector512.GreaterThanAny(Vector512.Abs(x), Vector512.Create(FarDouble)) ? SinEach(x, near) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> SinFar(Vector256<double> x, Vector256<double> near) =>
        Vector256.GreaterThanAny(Vector256.Abs(x), Vector256.Create(FarDouble)) ? SinEach(x, near) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> SinFar(Vector128<double> x, Vector128<double> near) =>
        Vector128.GreaterThanAny(Vector128.Abs(x), Vector128.Create(FarDouble)) ? SinEach(x, near) : near;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> SinEach(Vector512<float> x, Vector512<float> near)
    {
        for (var i = 0; i < Vector512<float>.Count; i++) near = near.WithElement(i, SinFar(x[i], near[i]));
        return near;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<float> SinEach(Vector256<float> x, Vector256<float> near)
    {
        for (var i = 0; i < Vector256<float>.Count; i++) near = near.WithElement(i, SinFar(x[i], near[i]));
        return near;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<float> SinEach(Vector128<float> x, Vector128<float> near)
    {
        for (var i = 0; i < Vector128<float>.Count; i++) near = near.WithElement(i, SinFar(x[i], near[i]));
        return near;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<double> SinEach(Vector512<double> x, Vector512<double> near)
    {
        for (var i = 0; i < Vector512<double>.Count; i++) near = near.WithElement(i, SinFar(x[i], near[i]));
        return near;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<double> SinEach(Vector256<double> x, Vector256<double> near)
    {
        for (var i = 0; i < Vector256<double>.Count; i++) near = near.WithElement(i, SinFar(x[i], near[i]));
        return near;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<double> SinEach(Vector128<double> x, Vector128<double> near)
    {
        for (var i = 0; i < Vector128<double>.Count; i++) near = near.WithElement(i, SinFar(x[i], near[i]));
        return near;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float CosFar(float x, float near) => Math.Abs(x) > FarSingle ? (float)Math.Cos(x) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> CosFar(Vector512<float> x, Vector512<float> near) =>
        Vector512.GreaterThanAny(Vector512.Abs(x), Vector512.Create(FarSingle)) ? CosEach(x, near) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> CosFar(Vector256<float> x, Vector256<float> near) =>
        Vector256.GreaterThanAny(Vector256.Abs(x), Vector256.Create(FarSingle)) ? CosEach(x, near) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> CosFar(Vector128<float> x, Vector128<float> near) =>
        Vector128.GreaterThanAny(Vector128.Abs(x), Vector128.Create(FarSingle)) ? CosEach(x, near) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double CosFar(double x, double near) => Math.Abs(x) > FarDouble ? (double)Math.Cos(x) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> CosFar(Vector512<double> x, Vector512<double> near) =>
        Vector512.GreaterThanAny(Vector512.Abs(x), Vector512.Create(FarDouble)) ? CosEach(x, near) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> CosFar(Vector256<double> x, Vector256<double> near) =>
        Vector256.GreaterThanAny(Vector256.Abs(x), Vector256.Create(FarDouble)) ? CosEach(x, near) : near;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> CosFar(Vector128<double> x, Vector128<double> near) =>
        Vector128.GreaterThanAny(Vector128.Abs(x), Vector128.Create(FarDouble)) ? CosEach(x, near) : near;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> CosEach(Vector512<float> x, Vector512<float> near)
    {
        for (var i = 0; i < Vector512<float>.Count; i++) near = near.WithElement(i, CosFar(x[i], near[i]));
        return near;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<float> CosEach(Vector256<float> x, Vector256<float> near)
    {
        for (var i = 0; i < Vector256<float>.Count; i++) near = near.WithElement(i, CosFar(x[i], near[i]));
        return near;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<float> CosEach(Vector128<float> x, Vector128<float> near)
    {
        for (var i = 0; i < Vector128<float>.Count; i++) near = near.WithElement(i, CosFar(x[i], near[i]));
        return near;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<double> CosEach(Vector512<double> x, Vector512<double> near)
    {
        for (var i = 0; i < Vector512<double>.Count; i++) near = near.WithElement(i, CosFar(x[i], near[i]));
        return near;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<double> CosEach(Vector256<double> x, Vector256<double> near)
    {
        for (var i = 0; i < Vector256<double>.Count; i++) near = near.WithElement(i, CosFar(x[i], near[i]));
        return near;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<double> CosEach(Vector128<double> x, Vector128<double> near)
    {
        for (var i = 0; i < Vector128<double>.Count; i++) near = near.WithElement(i, CosFar(x[i], near[i]));
        return near;
    }
}
