using LazyHost.Lowering.Lanes;

namespace LazyHost.Lowering.Mathematics;

/// <summary>
/// a^b = 2^(b log2 |a|) with the logarithm in two parts (T. Dekker's exact products by fused steps; the odd series of fdlibm e_pow). Error at most 2 ULP.
/// Special cases as IEEE 754 pow: b = 0 or a = 1 gives 1; a negative base gives NaN unless b is whole, and the sign of an odd power.
/// </summary>
internal static class PowFunction
{
    public static Lane Build(Lane a, Lane b)
    {
        var isWide = a.Type == LaneType.F64;
        var size = a.Abs;
        var (high, low) = Log2(size);
        var power = ExpFunction.Clamp(b, isWide ? -1e20 : -1e10, isWide ? 1e20 : 1e10);
        var product = power * high;
        var rest = power.Fma(high, product.Negate) + (power * low);
        var limit = isWide ? 1200.0 : 200.0;
        var isInside = product.Abs < limit;
        var positive = Exp2(ExpFunction.Clamp(product, -limit, limit), isInside.Choose(rest, 0));
        return Special(a, b, size, positive);
    }

    private static Lane Special(Lane a, Lane b, Lane size, Lane positive)
    {
        var (zero, one, infinity, nan) = (a.Like(0), a.Like(1), a.Like(double.PositiveInfinity), a.Like(double.NaN));
        var isUp = b > 0;
        var result = size.Is(zero).Choose(isUp.Choose(zero, infinity), positive);
        result = size.Is(infinity).Choose(isUp.Choose(infinity, zero), result);
        result = b.Abs.Is(infinity).Choose((isUp ^ (size < one)).Choose(size.Is(one).Choose(one, infinity), size.Is(one).Choose(one, zero)), result);
        var isWhole = b.Unary(LaneOp.Floor).Is(b);
        var half = b * 0.5;
        var isOdd = isWhole & ~half.Unary(LaneOp.Floor).Is(half) & (b.Abs < infinity);
        // An odd whole power keeps the sign of its base, of a zero too.
        result = isOdd.Choose((result.Integer | a.SignBit.Integer).As(a.Type), result);
        var isImaginary = (a < 0) & ~isWhole & (size < infinity);
        result = (isImaginary | a.IsNaN | b.IsNaN).Choose(nan, result);
        return (a.Is(one) | b.Is(zero)).Choose(one, result);
    }

    /// <summary>log2 of a positive number as an unevaluated sum.</summary>
    private static (Lane High, Lane Low) Log2(Lane x)
    {
        var isWide = x.Type == LaneType.F64;
        var (e, m) = LogFunction.Split(x);
        var f = m - 1;
        var d = m + 1;
        var dLow = m - (d - 1);
        var s = f / d;
        var sLow = (s.Negate.Fma(d, f) - (s * dLow)) / d;
        var z = s * s;
        var zLow = s.Fma(s, z.Negate) + (s * sLow * 2);
        var w = z * s;
        var wLow = z.Fma(s, w.Negate) + (zLow * s) + (z * sLow);
        var third = isWide ? 0.6666666666666666 : 0.6666666865348815917969;
        var q = w * third;
        var qLow = w.Fma(x.Like(third), q.Negate) + w.Fma(isWide ? 3.700743415417188262646e-17 : -1.986821551724915480008e-8, wLow * third);
        var tail = w * z * (isWide
            ? z.Polynomial(0.11989354792108776298, 0.11674777574910822302, 0.13336319431206173396, 0.15384556818802230261, 0.181818188710783159,
                0.22222222217530250507, 0.28571428571445137137, 0.39999999999999977451)
            : z.Polynomial(0.23418968620195104606, 0.28547117895798674125, 0.40000152323615097993));
        var (u, uLow) = Sum(s + s, q, sLow + sLow + qLow + tail);
        var log2e = isWide ? 1.442695040888963387005 : 1.442695021629333496094;
        var p = u * log2e;
        var pLow = u.Fma(x.Like(log2e), p.Negate) + u.Fma(isWide ? 2.035527374093103311102e-17 : 1.925963033500011079013e-8, uLow * log2e);
        return Sum(e, p, pLow);
    }

    /// <summary>a + b + rest as an unevaluated sum, where a is 0 or greater than b.</summary>
    private static (Lane High, Lane Low) Sum(Lane a, Lane b, Lane rest)
    {
        var high = a + b;
        var low = b - (high - a) + rest;
        var sum = high + low;
        return (sum, low - (sum - high));
    }

    private static Lane Exp2(Lane whole, Lane rest)
    {
        var n = whole.Unary(LaneOp.Round);
        var r = ((whole - n) + rest) * 0.6931471805599453;
        return ((r * r).Fma(ExpFunction.Tail(r), r) + 1).Binary(LaneOp.Scale, n);
    }
}
