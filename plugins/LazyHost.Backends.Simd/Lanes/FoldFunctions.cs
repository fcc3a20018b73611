using System.Numerics;

namespace LazyHost.Backends.Simd.Lanes;

/// <summary>Folds the <see cref="Count"/> accumulators of a reduction into the first: halves onto halves, the same tree at every vector width.</summary>
internal static unsafe class FoldFunctions
{
    /// <summary>The accumulators of a reduction: element i of a run goes to accumulator i mod 32.</summary>
    public const int Count = 32;

    public static T ReduceSum<T>(T* p) where T : unmanaged, INumber<T>
    {
        for (var half = Count / 2; half > 0; half /= 2)
            for (var i = 0; i < half; i++) p[i] += p[i + half];
        return *p;
    }

    public static T ReduceProd<T>(T* p) where T : unmanaged, INumber<T>
    {
        for (var half = Count / 2; half > 0; half /= 2)
            for (var i = 0; i < half; i++) p[i] *= p[i + half];
        return *p;
    }

    public static T ReduceMax<T>(T* p) where T : unmanaged, INumber<T>
    {
        for (var i = 1; i < Count; i++) *p = T.Max(*p, p[i]);
        return *p;
    }

    public static T ReduceMin<T>(T* p) where T : unmanaged, INumber<T>
    {
        for (var i = 1; i < Count; i++) *p = T.Min(*p, p[i]);
        return *p;
    }

    public static T ReduceAnd<T>(T* p) where T : unmanaged, IBinaryInteger<T>
    {
        for (var i = 1; i < Count; i++) *p &= p[i];
        return *p;
    }

    public static T ReduceOr<T>(T* p) where T : unmanaged, IBinaryInteger<T>
    {
        for (var i = 1; i < Count; i++) *p |= p[i];
        return *p;
    }
}
