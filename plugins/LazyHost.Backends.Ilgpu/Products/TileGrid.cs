namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>The tiles of a product's results.</summary>
/// <param name="Tiles">All of them.</param>
/// <param name="PerBatch">Those of one batch.</param>
/// <param name="PerRow">Those beside each other.</param>
/// <param name="Depth">What each result sums over.</param>
internal readonly record struct TileGrid(long Tiles, int PerBatch, int PerRow, int Depth)
{
    public static TileGrid Of(long batch, long rows, long columns, long depth, int sizeLog)
    {
        var size = 1L << sizeLog;
        var (down, across) = ((rows + size - 1) / size, (columns + size - 1) / size);
        return new(batch * down * across, checked((int)(down * across)), (int)across, (int)depth);
    }
}
