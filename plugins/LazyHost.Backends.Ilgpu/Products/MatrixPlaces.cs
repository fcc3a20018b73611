namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>Results that are a batch of packed matrices.</summary>
internal struct MatrixPlaces(long offset, long batchStride, int rows, int columns) : IPlaces
{
    private long offset = offset;
    private readonly long batchStride = batchStride;
    private readonly int rows = rows, columns = columns;

    public readonly bool ArePaired => (offset & 1) == 0 & (columns & 1) == 0;

    public void Begin(long batch) => offset += batch * batchStride;

    public readonly long Place(int row, int column) => row < rows && column < columns ? offset + ((long)row * columns) + column : -1;
}
