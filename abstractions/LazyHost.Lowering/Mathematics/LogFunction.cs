using LazyHost.Lowering.Lanes;

namespace LazyHost.Lowering.Mathematics;

/// <summary>
/// log x = e ln 2 + log m, m in [sqrt(1/2), sqrt 2). f32: the polynomial of S. Moshier's Cephes logf; f64: the odd series in f / (2 + f) of Sun's fdlibm e_log.
/// Error at most 1.5 ULP. log 0 = -inf, negative gives NaN.
/// </summary>
internal static class LogFunction
{
    public static Lane Build(Lane x)
    {
        var (e, m) = Split(x);
        var f = m - 1;
        var result = x.Type == LaneType.F64 ? Wide(e, f) : Narrow(e, f);
        result = (x < x.Like(double.PositiveInfinity)).Choose(result, x);
        result = x.Is(x.Like(0)).Choose(result.Like(double.NegativeInfinity), result);
        return (x < 0).Choose(result.Like(double.NaN), result);
    }

    /// <summary>The exponent as a float and the mantissa in [sqrt(1/2), sqrt 2), for positive finite x.</summary>
    public static (Lane E, Lane M) Split(Lane x)
    {
        var isWide = x.Type == LaneType.F64;
        var mantissa = isWide ? 52 : 23;
        var isTiny = x < x.Like(isWide ? 2.2250738585072014e-308 : 1.17549435082228751e-38);
        var bits = isTiny.Choose(x * (isWide ? 4503599627370496.0 : 8388608.0), x).Integer;
        var exponent = (bits - bits.LikeBits(isWide ? 0x3FE6A09E667F3BCD : 0x3F3504F3)) >> mantissa;
        var m = (bits - (exponent << mantissa)).As(x.Type);
        return ((exponent - isTiny.Choose(exponent.Like(mantissa), exponent.Like(0))).To(x.Type), m);
    }

    private static Lane Narrow(Lane e, Lane f)
    {
        var z = f * f;
        var p = f.Polynomial(7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1,
            -2.4999993993e-1, 3.3333331174e-1);
        var low = e.Fma(-2.12194440e-4, f * z * p);
        return e.Fma(0.693359375, f + z.Fma(-0.5, low));
    }

    private static Lane Wide(Lane e, Lane f)
    {
        var s = f / (f + 2);
        var z = s * s;
        var r = z * z.Polynomial(1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01, 2.222219843214978396e-01,
            2.857142874366239149e-01, 3.999999999940941908e-01, 6.666666666666735130e-01);
        var half = f * f * 0.5;
        return e.Fma(6.93147180369123816490e-01, f - (half - e.Fma(1.90821492927058770002e-10, s * (half + r))));
    }
}
