using LazyHost.Lowering.Lanes;

namespace LazyHost.Lowering.Mathematics;

/// <summary>e^x - 1 = 2^n (e^r - 1) + (2^n - 1), by the reduction and polynomial of <see cref="ExpFunction"/>. Error at most 2 ULP; zeros keep their sign.</summary>
internal static class Expm1Function
{
    public static Lane Build(Lane x) => x.Is(x.Like(0)).Choose(x, Nonzero(ExpFunction.Clamp(x, x.Type == LaneType.F64 ? -746 : -104, x.Type == LaneType.F64 ? 710 : 89)));

    /// <summary>For x within the clamped range; a zero may lose its sign.</summary>
    public static Lane Nonzero(Lane x)
    {
        var (n, r) = ExpFunction.Reduce(x);
        var rest = (r * r).Fma(ExpFunction.Tail(r), r);
        // Half of everything, because 2^n alone may overflow where the result does not.
        var half = x.Like(0.5).Binary(LaneOp.Scale, n);
        var sum = half.Fma(rest, half - 0.5);
        return sum + sum;
    }
}
