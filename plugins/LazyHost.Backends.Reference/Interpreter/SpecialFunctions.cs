namespace LazyHost.Backends.Reference;

/// <summary>Functions .NET lacks, or has only without care for small arguments, to within two units in the last place of binary64.</summary>
internal static class SpecialFunctions
{
    private const int Terms = 100;

    /// <summary>The error function. Below 3 the series of positive terms Abramowitz and Stegun 7.1.6, above it one less the continued fraction 7.1.14.</summary>
    public static double Erf(double x)
    {
        var magnitude = Math.Abs(x);
        if (double.IsNaN(x) || x == 0) return x;
        if (magnitude > 6) return Math.Sign(x);
        // x^2 to twice the precision, as its rounding error would be magnified by the exponential.
        var square = x * x;
        var gaussian = Math.Exp(-square) * (1 - Math.FusedMultiplyAdd(x, x, -square));
        if (magnitude < 3)
        {
            double sum = 1;
            for (var n = Terms; n > 0; n--) sum = 1 + (2 * square / ((2 * n) + 1) * sum);
            return 2 / Math.Sqrt(Math.PI) * x * (gaussian * sum);
        }
        var fraction = magnitude;
        for (var n = Terms; n > 0; n--) fraction = magnitude + (n / 2.0 / fraction);
        return Math.CopySign(1 - (gaussian / Math.Sqrt(Math.PI) / fraction), x);
    }

    /// <summary>e^x - 1: near zero its Taylor series, from the smallest term up; elsewhere nothing is lost in the subtraction.</summary>
    public static double Expm1(double x)
    {
        if (x is < -0.7 or > 0.9 || double.IsNaN(x)) return Math.Exp(x) - 1;
        if (Math.Abs(x) < 1e-20) return x;
        double sum = 1;
        for (var n = 24; n > 2; n--) sum = 1 + (x / n * sum);
        return Math.FusedMultiplyAdd(x * x / 2, sum, x);
    }

    /// <summary>log(1 + x): the logarithm of the rounded sum u, and to first order that of what rounding lost: log(u + c) = log(u) + c / u.</summary>
    public static double Log1p(double x)
    {
        var u = 1 + x;
        if (!(u > 0) || double.IsInfinity(u) || x == 0) return u == 1 ? x : Math.Log(u);
        var lost = x < 1 ? x - (u - 1) : 1 - (u - x);
        return Math.Log(u) + (lost / u);
    }
}
