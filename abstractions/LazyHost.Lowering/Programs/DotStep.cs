namespace LazyHost.Lowering.Programs;

/// <summary>C[b] = A[b] · B[b] for each batch b: a is M x K, b is K x N, c is M x N. Transposes are strides.</summary>
public sealed record DotStep(DType DType, long Batch, long M, long N, long K, MatrixOperand A, MatrixOperand B, MatrixOperand C) : ProgramStep
{
    /// <inheritdoc/>
    public override long Operations => 2 * Batch * M * N * K;
}
