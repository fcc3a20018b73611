using System.Numerics;

namespace LazyHost.Backends.Ilgpu.Numbers;

/// <summary>Comparing numbers in kernels, where only ordered comparisons can be relied on.</summary>
internal static class Order
{
    /// <summary>Below 0 where <paramref name="a"/> comes first, above 0 where it comes last. NaN comes after everything and equals itself; -0 equals 0.</summary>
    public static int Compare<T>(T a, T b) where T : unmanaged, INumber<T>
    {
        // Before the comparisons: OpenCL compilers are handed "not less" as "greater or equal", which NaN is not.
        if (T.IsNaN(a) || T.IsNaN(b)) return (T.IsNaN(a) ? 1 : 0) - (T.IsNaN(b) ? 1 : 0);
        return a < b ? -1 : a > b ? 1 : 0;
    }

    /// <summary>The greater one; NaN if any is; 0 rather than -0.</summary>
    public static T Greater<T>(T a, T b) where T : unmanaged, INumber<T>
    {
        if (T.IsNaN(a)) return a;
        if (T.IsNaN(b)) return b;
        return a > b ? a : b > a ? b : a == T.Zero ? a + b : a;
    }

    /// <summary>The lesser one; NaN if any is; -0 rather than 0.</summary>
    public static T Lesser<T>(T a, T b) where T : unmanaged, INumber<T>
    {
        if (T.IsNaN(a)) return a;
        if (T.IsNaN(b)) return b;
        return a < b ? a : b < a ? b : a == T.Zero ? -(-a + -b) : a;
    }
}
