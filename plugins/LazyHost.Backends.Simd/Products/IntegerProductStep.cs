using System.Numerics;
using LazyHost.Backends.Simd.Execution;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Products;

/// <summary>A batch of integer products.</summary>
internal sealed unsafe class IntegerProductStep<T>(DotStep step) : CompiledStep where T : unmanaged, INumber<T>
{
    public override void Run(in RunContext context)
    {
        for (long i = 0; i < step.Batch; i++)
            IntegerProduct<T>.Multiply(step.M, step.N, step.K, At(context, step.A, i), At(context, step.B, i), At(context, step.C, i), context.Workers);
    }

    private static Matrix<T> At(in RunContext context, MatrixOperand operand, long batch) =>
        new((T*)context.Buffers[operand.Buffer] + operand.Offset + (batch * operand.BatchStride), operand.RowStride, operand.ColumnStride);
}
