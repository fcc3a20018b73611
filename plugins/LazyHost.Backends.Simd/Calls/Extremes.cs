using System.Numerics;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>The least and greatest value of a type, infinities included.</summary>
internal static class Extremes<T> where T : INumber<T>, IMinMaxValue<T>
{
    public static T Least => typeof(T) == typeof(float) || typeof(T) == typeof(double) ? T.CreateSaturating(double.NegativeInfinity) : T.MinValue;

    public static T Greatest => typeof(T) == typeof(float) || typeof(T) == typeof(double) ? T.CreateSaturating(double.PositiveInfinity) : T.MaxValue;
}
