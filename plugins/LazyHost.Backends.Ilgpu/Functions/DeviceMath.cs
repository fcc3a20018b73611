using ILGPU.IR.Intrinsics;

namespace LazyHost.Backends.Ilgpu.Functions;

/// <summary>
/// Operations that devices have one instruction for but ILGPU does not reach, or reaches by an approximation. <see cref="DeviceMathCode"/> says which instruction;
/// the bodies serve the simulation on the CPU.
/// </summary>
internal static class DeviceMath
{
    /// <summary>a * b + c, rounded once.</summary>
    [IntrinsicImplementation] public static float FusedMultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);
    [IntrinsicImplementation] public static double FusedMultiplyAdd(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    /// <summary>Rounded by itself: the driver would make one rounding of a plain product and a sum, which functions that carry the rounding error of a product cannot bear.</summary>
    [IntrinsicImplementation] public static float Multiply(float a, float b) => a * b;
    [IntrinsicImplementation] public static double Multiply(double a, double b) => a * b;

    /// <summary>Correctly rounded on CUDA; within 2.5 ULP on OpenCL.</summary>
    [IntrinsicImplementation] public static float Divide(float a, float b) => a / b;
    [IntrinsicImplementation] public static double Divide(double a, double b) => a / b;

    /// <summary>Correctly rounded on CUDA; within 3 ULP on OpenCL.</summary>
    [IntrinsicImplementation] public static float Sqrt(float a) => MathF.Sqrt(a);
    [IntrinsicImplementation] public static double Sqrt(double a) => Math.Sqrt(a);

    /// <summary>2^a; on CUDA within 2 ULP, 0 where the result is below the normal numbers; on OpenCL within 3 ULP.</summary>
    [IntrinsicImplementation] public static float Exp2(float a) => MathF.Pow(2, a);

    [IntrinsicImplementation] public static float Floor(float a) => MathF.Floor(a);
    [IntrinsicImplementation] public static double Floor(double a) => Math.Floor(a);
    [IntrinsicImplementation] public static float Ceiling(float a) => MathF.Ceiling(a);
    [IntrinsicImplementation] public static double Ceiling(double a) => Math.Ceiling(a);
    [IntrinsicImplementation] public static float Truncate(float a) => MathF.Truncate(a);
    [IntrinsicImplementation] public static double Truncate(double a) => Math.Truncate(a);

    /// <summary>To nearest, ties to even.</summary>
    [IntrinsicImplementation] public static float Round(float a) => MathF.Round(a);
    [IntrinsicImplementation] public static double Round(double a) => Math.Round(a);

    /// <summary>False where an operand is NaN. ILGPU turns a comparison round that has a literal on its left, and has NaN pass it on CUDA then.</summary>
    [IntrinsicImplementation] public static bool LessThan(float a, float b) => a < b;
    [IntrinsicImplementation] public static bool LessThan(double a, double b) => a < b;

    /// <summary>False where an operand is NaN.</summary>
    [IntrinsicImplementation] public static bool LessThanOrEqual(float a, float b) => a <= b;
    [IntrinsicImplementation] public static bool LessThanOrEqual(double a, double b) => a <= b;
}
