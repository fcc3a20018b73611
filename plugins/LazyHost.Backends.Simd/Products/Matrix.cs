namespace LazyHost.Backends.Simd.Products;

/// <summary>A matrix in memory: strides in elements.</summary>
internal readonly unsafe struct Matrix<T>(T* data, long rowStride, long columnStride) where T : unmanaged
{
    public T* Data { get; } = data;

    public long RowStride { get; } = rowStride;

    public long ColumnStride { get; } = columnStride;

    public Matrix<T> From(long row, long column) => new(Data + (row * RowStride) + (column * ColumnStride), RowStride, ColumnStride);
}
