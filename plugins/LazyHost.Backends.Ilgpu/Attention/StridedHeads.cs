using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>Matrices of an attention as kernels take them: the first element, and how many elements lie between two batches, heads, rows and columns.</summary>
internal readonly record struct StridedHeads(long Offset, long BatchStride, long HeadStride, long RowStride, long ColumnStride, int Wide)
{
    /// <summary>True where four neighbouring columns can be loaded as one, and lie inside or outside as a whole.</summary>
    public bool IsWide => Wide != 0;

    /// <param name="operand">The matrices.</param>
    /// <param name="columns">Their columns.</param>
    public static StridedHeads Of(AttentionOperand operand, long columns)
    {
        var isWide = operand.ColumnStride == 1 && ((operand.Offset | operand.BatchStride | operand.HeadStride | operand.RowStride | columns) & 3) == 0;
        return new(operand.Offset, operand.BatchStride, operand.HeadStride, operand.RowStride, operand.ColumnStride, isWide ? 1 : 0);
    }

    /// <summary>The first element of a matrix.</summary>
    public long Matrix(long batch, long head) => Offset + (batch * BatchStride) + (head * HeadStride);

    /// <summary>How far an element lies from the first.</summary>
    public long Place(int row, int column) => (row * RowStride) + (column * ColumnStride);
}
