using ILGPU;
using ILGPU.Util;
using LazyHost.Backends.Ilgpu.Functions;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>Arithmetic on four numbers, and on what the sixteen threads of four rows hold of each row.</summary>
internal static class Quads
{
    private const float Log2E = 1.44269504f;

    public static Quad<float> All(float number) => new() { X = number, Y = number, Z = number, W = number };

    public static Quad<float> Times(Quad<float> a, Quad<float> b) => new() { X = a.X * b.X, Y = a.Y * b.Y, Z = a.Z * b.Z, W = a.W * b.W };

    /// <summary>The greater ones. Whether NaN is one is left open: its exponential is NaN either way.</summary>
    public static Quad<float> Greatest(Quad<float> a, Quad<float> b) => new() { X = Greater(a.X, b.X), Y = Greater(a.Y, b.Y), Z = Greater(a.Z, b.Z), W = Greater(a.W, b.W) };

    /// <summary>e^(a - b).</summary>
    public static Quad<float> Exp(Quad<float> a, Quad<float> b) => new() { X = Exp(a.X, b.X), Y = Exp(a.Y, b.Y), Z = Exp(a.Z, b.Z), W = Exp(a.W, b.W) };

    /// <summary>The same numbers, but 0 for -inf.</summary>
    public static Quad<float> Finite(Quad<float> a) => new() { X = Finite(a.X), Y = Finite(a.Y), Z = Finite(a.Z), W = Finite(a.W) };

    /// <summary>The sum of each row.</summary>
    public static Quad<float> Sums(SmallBlock<float> block) => new() { X = Sum(block.R0), Y = Sum(block.R1), Z = Sum(block.R2), W = Sum(block.R3) };

    public static float Greatest(Quad<float> a) => Greater(Greater(a.X, a.Y), Greater(a.Z, a.W));

    /// <summary>Puts what a thread has of its four rows where the sixteen threads of these rows find it.</summary>
    public static void Share(ArrayView<float> shared, int threads, Quad<float> rows)
    {
        shared[Group.IdxX] = rows.X;
        shared[threads + Group.IdxX] = rows.Y;
        shared[(2 * threads) + Group.IdxX] = rows.Z;
        shared[(3 * threads) + Group.IdxX] = rows.W;
    }

    /// <summary>The greatest of what the threads of four rows have shared.</summary>
    public static Quad<float> FoldGreatest(ArrayView<Quad<float>> shared, int threads, int down) => new()
    {
        X = FoldGreatest(shared, 4 * down),
        Y = FoldGreatest(shared, (threads >> 2) + (4 * down)),
        Z = FoldGreatest(shared, (threads >> 1) + (4 * down)),
        W = FoldGreatest(shared, (threads >> 1) + (threads >> 2) + (4 * down)),
    };

    /// <summary>The sums of what the threads of four rows have shared.</summary>
    public static Quad<float> FoldSums(ArrayView<Quad<float>> shared, int threads, int down) => new()
    {
        X = FoldSum(shared, 4 * down),
        Y = FoldSum(shared, (threads >> 2) + (4 * down)),
        Z = FoldSum(shared, (threads >> 1) + (4 * down)),
        W = FoldSum(shared, (threads >> 1) + (threads >> 2) + (4 * down)),
    };

    private static float FoldGreatest(ArrayView<Quad<float>> shared, int place) =>
        Greater(Greater(Greatest(shared[place]), Greatest(shared[place + 1])), Greater(Greatest(shared[place + 2]), Greatest(shared[place + 3])));

    private static float FoldSum(ArrayView<Quad<float>> shared, int place) => (Sum(shared[place]) + Sum(shared[place + 1])) + (Sum(shared[place + 2]) + Sum(shared[place + 3]));

    private static float Sum(Quad<float> a) => (a.X + a.Y) + (a.Z + a.W);

    private static float Greater(float a, float b) => IntrinsicMath.Max(a, b);

    private static float Exp(float a, float b) => DeviceMath.Exp2((a - b) * Log2E);

    private static float Finite(float a) => Utilities.Select(a == float.NegativeInfinity, 0f, a);
}
