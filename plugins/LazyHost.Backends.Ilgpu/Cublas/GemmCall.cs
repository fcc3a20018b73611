using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Cublas;

/// <summary>
/// A product as BLAS takes it, which sees memory column by column: packed rows of C are columns of the turned C, and that is the product of the turned B and the turned A.
/// </summary>
/// <param name="First">The turned B: <paramref name="Rows"/> x <paramref name="Depth"/>.</param>
/// <param name="Second">The turned A: <paramref name="Depth"/> x <paramref name="Columns"/>.</param>
/// <param name="Result">The turned C.</param>
/// <param name="Rows">The columns of B.</param>
/// <param name="Columns">The rows of A.</param>
/// <param name="Depth">What each result sums over.</param>
/// <param name="Batch">The number of products.</param>
internal readonly record struct GemmCall(GemmOperand First, GemmOperand Second, GemmOperand Result, int Rows, int Columns, int Depth, int Batch)
{
    /// <summary>The call for a product, or null where BLAS cannot read an operand as it lies or the sizes pass 32 bits.</summary>
    public static GemmCall? Of(DotStep step)
    {
        if (step.K == 0 || Math.Max(Math.Max(step.M, step.N), Math.Max(step.K, step.Batch)) > int.MaxValue) return null;
        if (GemmOperand.Of(step.A, step.M, step.K) is not { } a || GemmOperand.Of(step.B, step.K, step.N) is not { } b || GemmOperand.Of(step.C, step.M, step.N) is not { IsTurned: false } c) return null;
        return new(b, a, c, (int)step.N, (int)step.M, (int)step.K, (int)step.Batch);
    }
}
