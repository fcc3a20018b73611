using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>A batch of matrices as kernels take it: the first element, and how many elements lie between two matrices, rows and columns.</summary>
internal readonly record struct StridedMatrix(long Offset, long BatchStride, long RowStride, long ColumnStride)
{
    public static StridedMatrix Of(MatrixOperand operand) => new(operand.Offset, operand.BatchStride, operand.RowStride, operand.ColumnStride);

    public StridedMatrix Turned => new(Offset, BatchStride, ColumnStride, RowStride);

    public long Place(long batch, long row, long column) => Offset + (batch * BatchStride) + (row * RowStride) + (column * ColumnStride);
}
