using LazyHost.Lowering.Lanes;

namespace LazyHost.Lowering.Mathematics;

/// <summary>
/// The angle of (x, y): the arc tangent of the lesser size over the greater, reduced once more by pi / 4 above tan(pi / 8) (Cephes atanf), by a minimax polynomial
/// (Remez), then moved into its octant. Error at most 2.5 ULP; signed zeros and infinities as IEEE 754 atan2.
/// </summary>
internal static class Atan2Function
{
    public static Lane Build(Lane y, Lane x)
    {
        var isWide = x.Type == LaneType.F64;
        var (a, b) = (y.Abs, x.Abs);
        var isSteep = a > b;
        var (least, most) = (isSteep.Choose(b, a), isSteep.Choose(a, b));
        var isEqual = least.Is(most) & (most > 0);
        var isNear = isEqual | (least > most * 0.41421356237309503);
        var top = isEqual.Choose(least.Like(0), isNear.Choose(least - most, least));
        var bottom = (isEqual | most.Is(most.Like(0))).Choose(least.Like(1), isNear.Choose(least + most, most));
        var t = top / bottom;
        var z = t * t;
        var p = isWide
            ? z.Polynomial(0.01520350462511809982, -0.033482678402848346708, 0.04503902525600604825, -0.052184912203393298756, 0.058770352869068356802,
                -0.066662281349348353226, 0.076922828519604969313, -0.090909081486558786404, 0.11111111088292244166, -0.14285714285389846243,
                0.19999999999997683803, -0.33333333333333327563)
            : z.Polynomial(-0.060824945110183914774, 0.10595642008504964918, -0.14243802879550507202, 0.19998487170493540971, -0.33333315471237345362);
        var small = (t * z).Fma(p, t);
        // pi in two parts keeps the sums below within their bounds.
        var (pi, rest) = isWide ? (3.141592653589793, 1.2246467991473532e-16) : (3.141592741012573242188, -8.742277657347585773e-8);
        var octant = isNear.Choose(small + (rest / 4) + (pi / 4), small);
        var quarter = isSteep.Choose(octant.Like(pi / 2) - (octant - (rest / 2)), octant);
        var isLeft = x.Integer < x.Integer.Like(0);
        var half = isLeft.Choose(quarter.Like(pi) - (quarter - rest), quarter);
        var angle = (half.Integer | y.SignBit.Integer).As(x.Type);
        return (y.IsNaN | x.IsNaN).Choose(x + y, angle);
    }
}
