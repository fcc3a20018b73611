using LazyHost.Lowering.Lanes;

namespace LazyHost.Lowering.Mathematics;

/// <summary>
/// Sine and cosine: x less a whole number of right angles, taken off in parts whose products are exact (Cody, Waite), then the polynomials of Cephes sinf/cosf
/// (f32) and fdlibm k_sin/k_cos (f64). Error at most 2 ULP; arguments beyond the range of the reduction go to the emitter's own functions.
/// </summary>
internal static class SineFunctions
{
    public static Lane Sin(Lane x) => x.Graph.Function(LaneFunction.SinFar, x.Type, x, Quadrant(x, 0));

    public static Lane Cos(Lane x) => x.Graph.Function(LaneFunction.CosFar, x.Type, x, Quadrant(x, 1));

    private static Lane Quadrant(Lane x, int ahead)
    {
        var magic = x.Like(x.Type == LaneType.F64 ? 6755399441055744.0 : 12582912.0);
        var shifted = x.Fma(0.63661977236758134308, magic);
        var n = shifted - magic;
        var which = shifted.Integer + shifted.Integer.Like(ahead);
        var r = x.Type == LaneType.F64 ? ReduceWide(x, n) : ReduceNarrow(x, n);
        var z = r * r;
        var (sine, cosine) = x.Type == LaneType.F64 ? (SinWide(r, z), CosWide(z)) : (SinNarrow(r, z), CosNarrow(z));
        var isOdd = (which & which.Like(1)).Is(which.Like(1));
        var sign = which << (x.Type == LaneType.F64 ? 62 : 30) & which.LikeBits(x.Type == LaneType.F64 ? long.MinValue : int.MinValue);
        return (isOdd.Choose(cosine, sine).Integer ^ sign).As(x.Type);
    }

    private static Lane ReduceNarrow(Lane x, Lane n)
    {
        var r = n.Fma(-1.5703125, x);
        r = n.Fma(-4.837512969970703125e-4, r);
        r = n.Fma(-7.5497901264043321135e-8, r);
        return n.Fma(1.7151245100058818728e-15, r);
    }

    private static Lane ReduceWide(Lane x, Lane n)
    {
        var first = n.Fma(-1.57079632673412561417, x);
        var second = n.Fma(-6.07710050630396597660e-11, first);
        var lost = n.Fma(-6.07710050630396597660e-11, first - second);
        return second + n.Fma(-2.022266248795950631541e-21, lost);
    }

    private static Lane SinNarrow(Lane r, Lane z) => (r * z).Fma(z.Polynomial(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1), r);

    private static Lane CosNarrow(Lane z) => (z * z).Fma(z.Polynomial(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2), z.Fma(-0.5, z.Like(1)));

    private static Lane SinWide(Lane r, Lane z) => (r * z).Fma(z.Polynomial(1.58969099521155010221e-10, -2.50507602534068634195e-08, 2.75573137070700676789e-06,
        -1.98412698298579493134e-04, 8.33333333332248946124e-03, -1.66666666666666324348e-01), r);

    private static Lane CosWide(Lane z)
    {
        var half = z * 0.5;
        var w = z.Like(1) - half;
        var c = z.Polynomial(-1.13596475577881948265e-11, 2.08757232129817482790e-09, -2.75573143513906633035e-07, 2.48015872894767294178e-05,
            -1.38888888888741095749e-03, 4.16666666666666019037e-02);
        return w + (z * z).Fma(c, z.Like(1) - w - half);
    }
}
