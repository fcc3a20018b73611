using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Cublas;

/// <summary>A batch of matrices as BLAS takes it: columns one after the other, <paramref name="Leading"/> elements apart.</summary>
/// <param name="Buffer">The program's buffer.</param>
/// <param name="Offset">The first element.</param>
/// <param name="Leading">Elements from one column to the next.</param>
/// <param name="BatchStride">Elements from one matrix to the next.</param>
/// <param name="IsTurned">True where BLAS must turn it, to get the turned matrix of what the program means.</param>
internal readonly record struct GemmOperand(int Buffer, long Offset, int Leading, long BatchStride, bool IsTurned)
{
    /// <summary>The turned matrix of rows and columns with strides: rows that lie packed are columns to BLAS. Null where neither of its ways is packed.</summary>
    public static GemmOperand? Of(MatrixOperand operand, long rows, long columns)
    {
        // A way of a single element has no stride to speak of.
        if (operand.ColumnStride == 1 || columns == 1)
        {
            var leading = rows == 1 ? columns : operand.RowStride;
            if (leading >= columns && leading <= int.MaxValue) return new(operand.Buffer, operand.Offset, (int)leading, operand.BatchStride, false);
        }
        if (operand.RowStride == 1 || rows == 1)
        {
            var leading = columns == 1 ? rows : operand.ColumnStride;
            if (leading >= rows && leading <= int.MaxValue) return new(operand.Buffer, operand.Offset, (int)leading, operand.BatchStride, true);
        }
        return null;
    }
}
