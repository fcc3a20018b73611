using LazyHost.IR;

namespace LazyHost.Contract;

/// <summary>Holds results against what was expected.</summary>
internal static class Comparison
{
    /// <summary>Requires every element to be within the tolerance of one of the expected tensors; all have the shape of the result, floating-point ones may be wider.</summary>
    /// <exception cref="ContractFailureException">An element is not; the message names the first.</exception>
    public static void Require(string what, Elements actual, Tolerance tolerance, params ReadOnlySpan<Elements> expected)
    {
        var wrong = 0;
        var first = -1;
        for (var i = 0; i < actual.Count; i++)
        {
            if (MatchesAny(expected, actual, i, tolerance)) continue;
            if (wrong++ == 0) first = i;
        }
        if (wrong == 0) return;
        throw new ContractFailureException(
            $"{what}: {wrong} of {actual.Count} elements of {actual.Type} are wrong; at {actual.IndexText(first)} expected {string.Join(" or ", Texts(expected, first))} but was {actual.Text(first)} " +
            (tolerance == Tolerance.Exact ? "(must be equal)" : $"(tolerance {tolerance.Relative:g3} relative, {tolerance.Absolute:g3} absolute)"));
    }

    /// <summary>Requires equal bits; any NaN equals any NaN.</summary>
    public static void RequireEqual(string what, Elements actual, Elements expected) => Require(what, actual, Tolerance.Exact, expected);

    private static bool MatchesAny(ReadOnlySpan<Elements> expected, Elements actual, int i, Tolerance tolerance)
    {
        foreach (var candidate in expected) if (Matches(candidate, actual, i, tolerance)) return true;
        return false;
    }

    private static bool Matches(Elements expected, Elements actual, int i, Tolerance tolerance)
    {
        if (!actual.Type.DType.IsFloat()) return actual.Integer(i) == expected.Integer(i);
        var (e, a) = (expected.Float(i), actual.Float(i));
        if (double.IsNaN(e) || double.IsNaN(a)) return double.IsNaN(e) && double.IsNaN(a);
        if (tolerance == Tolerance.Exact) return BitConverter.DoubleToInt64Bits(e) == BitConverter.DoubleToInt64Bits(a);
        if (double.IsInfinity(a) || double.IsInfinity(e)) return a == Rounded(actual.Type.DType, e);
        return Math.Abs(e - a) <= tolerance.Absolute + (tolerance.Relative * Math.Abs(e));
    }

    // A finite exact result may lie above the greatest number of the element type.
    private static double Rounded(DType type, double value) => Elements.Of(type, value).Float(0);

    private static List<string> Texts(ReadOnlySpan<Elements> expected, int i)
    {
        var texts = new List<string>();
        foreach (var candidate in expected) texts.Add(candidate.Text(i));
        return texts;
    }
}
