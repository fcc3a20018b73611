using System.Numerics;

namespace LazyHost.Backends.Ilgpu.Numbers;

/// <summary>The operations kernels fold by, and what each of them begins with.</summary>
internal static class Folds
{
    public static T Least<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => IsFloat<T>() ? T.CreateSaturating(double.NegativeInfinity) : T.MinValue;

    public static T Greatest<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => IsFloat<T>() ? T.CreateSaturating(double.PositiveInfinity) : T.MaxValue;

    private static bool IsFloat<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    internal readonly struct Sum<T> : IFold<T> where T : unmanaged, INumber<T>
    {
        public static T Apply(T a, T b) => a + b;
    }

    internal readonly struct Product<T> : IFold<T> where T : unmanaged, INumber<T>
    {
        public static T Apply(T a, T b) => a * b;
    }

    internal readonly struct Greater<T> : IFold<T> where T : unmanaged, INumber<T>
    {
        public static T Apply(T a, T b) => Order.Greater(a, b);
    }

    internal readonly struct Lesser<T> : IFold<T> where T : unmanaged, INumber<T>
    {
        public static T Apply(T a, T b) => Order.Lesser(a, b);
    }
}
