using LazyHost.Lowering.Lanes;

namespace LazyHost.Lowering.Mathematics;

/// <summary>
/// e^x = 2^n e^r with n the nearest whole to x / ln 2 and r reduced in two parts (W. Cody, W. Waite, Software Manual for the Elementary Functions, 1980); e^r by a
/// minimax polynomial (Remez). Error at most 1 ULP in f32 and f64, subnormal results rounded once; NaN gives NaN.
/// </summary>
internal static class ExpFunction
{
    public static Lane Build(Lane x)
    {
        var isWide = x.Type == LaneType.F64;
        var within = Clamp(x, isWide ? -746 : -104, isWide ? 710 : 89);
        var (n, r) = Reduce(within);
        return ((r * r).Fma(Tail(r), r) + 1).Binary(LaneOp.Scale, n);
    }

    /// <summary>x held between two numbers; NaN stays.</summary>
    public static Lane Clamp(Lane x, double least, double greatest) =>
        x.Like(least).Binary(LaneOp.PickGreater, x.Like(greatest).Binary(LaneOp.PickLess, x));

    /// <summary>n and r of x = n ln 2 + r, |r| at most ln 2 / 2.</summary>
    public static (Lane N, Lane R) Reduce(Lane x)
    {
        var isWide = x.Type == LaneType.F64;
        // Adding 1.5 * 2^(mantissa bits) leaves no room for a fraction: what is left is rounded to nearest.
        var magic = x.Like(isWide ? 6755399441055744.0 : 12582912.0);
        var n = x.Fma(1.4426950408889634, magic) - magic;
        var r = n.Fma(isWide ? -0.6931471805599453 : -0.693147182464599609375, x);
        return (n, n.Fma(isWide ? -2.3190468138462996e-17 : 1.904654212125933554e-9, r));
    }

    /// <summary>P of e^r = 1 + r + r^2 P(r).</summary>
    public static Lane Tail(Lane r) => r.Type == LaneType.F64
        ? r.Polynomial(2.082653170606912e-9, 2.5112144424093755e-8, 2.755758281133087e-7, 2.7557234559037101e-6, 2.4801586924585265e-5, 1.984126989668066e-4,
            1.3888888889117275e-3, 8.333333333316917e-3, 4.166666666666609e-2, 0.16666666666666683, 0.5)
        : r.Polynomial(0.0013814467370754688, 0.00836878040117218426, 0.0416683942070419833, 0.166665201079627477, 0.499999934125054421);
}
