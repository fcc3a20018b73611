using LazyHost.Lowering.Lanes;

namespace LazyHost.Lowering.Mathematics;

/// <summary>tanh x = t / (t + 2) with t = e^(2|x|) - 1, and the sign of x. Error at most 3 ULP; beyond the point where the result rounds to 1 it is 1.</summary>
internal static class TanhFunction
{
    public static Lane Build(Lane x)
    {
        var size = x.Like(x.Type == LaneType.F64 ? 20 : 10).Binary(LaneOp.PickLess, x.Abs);
        var t = Expm1Function.Nonzero(size + size);
        return ((t / (t + 2)).Integer | x.SignBit.Integer).As(x.Type);
    }
}
