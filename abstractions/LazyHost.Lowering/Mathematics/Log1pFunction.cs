using LazyHost.Lowering.Lanes;

namespace LazyHost.Lowering.Mathematics;

/// <summary>log(1 + x) = log u + (x - (u - 1)) / u with u = 1 + x rounded (W. Kahan's correction). Error at most 2.5 ULP; zeros keep their sign.</summary>
internal static class Log1pFunction
{
    public static Lane Build(Lane x)
    {
        var u = x + 1;
        var corrected = LogFunction.Build(u) + ((x - (u - 1)) / u);
        var hasCorrection = (u > 0) & (u < u.Like(double.PositiveInfinity));
        return u.Is(u.Like(1)).Choose(x, hasCorrection.Choose(corrected, LogFunction.Build(u)));
    }
}
