using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>Where the results of a convolution's product lie: a column is a place in one of the images.</summary>
internal struct WindowPlaces(WindowSizes sizes) : IPlaces
{
    private readonly int rows = sizes.Rows, columns = sizes.Columns, resultCount = sizes.ResultCount, filters = sizes.Filters;
    private int filter;

    public readonly bool ArePaired => (resultCount & 1) == 0;

    public void Begin(long batch) => filter = (int)batch * rows;

    public readonly long Place(int row, int column)
    {
        if (row >= rows || column >= columns) return -1;
        var image = (uint)column / (uint)resultCount;
        return ((((long)image * filters) + filter + row) * resultCount) + (column - (int)(image * (uint)resultCount));
    }
}
