namespace LazyHost.Lowering.Programs;

/// <summary>Matrices, one for each batch and head, inside a buffer.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Offset">The first element.</param>
/// <param name="BatchStride">Elements from one batch to the next; 0 where all use the same.</param>
/// <param name="HeadStride">Elements from one head to the next; 0 where all use the same.</param>
/// <param name="RowStride">Elements from one row to the next.</param>
/// <param name="ColumnStride">Elements from one column to the next.</param>
public readonly record struct AttentionOperand(int Buffer, long Offset, long BatchStride, long HeadStride, long RowStride, long ColumnStride);
