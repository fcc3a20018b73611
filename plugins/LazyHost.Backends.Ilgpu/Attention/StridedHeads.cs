using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>Matrices of an attention as kernels take them: the first element, and how many elements lie between two batches, heads, rows and columns.</summary>
internal readonly record struct StridedHeads(long Offset, long BatchStride, long HeadStride, long RowStride, long ColumnStride)
{
    public static StridedHeads Of(AttentionOperand operand) => new(operand.Offset, operand.BatchStride, operand.HeadStride, operand.RowStride, operand.ColumnStride);

    /// <summary>The first element of a matrix.</summary>
    public long Matrix(long batch, long head) => Offset + (batch * BatchStride) + (head * HeadStride);

    /// <summary>How far an element lies from the first.</summary>
    public long Place(int row, int column) => (row * RowStride) + (column * ColumnStride);
}
