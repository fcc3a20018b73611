using System.Numerics;
using System.Runtime.CompilerServices;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>The order of numbers in which NaN is greatest and equal to itself.</summary>
internal static class NumberOrder
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compare<T>(T a, T b) where T : INumber<T> => a < b ? -1 : a > b ? 1 : a == b ? 0 : T.IsNaN(a) ? (T.IsNaN(b) ? 0 : 1) : -1;
}
