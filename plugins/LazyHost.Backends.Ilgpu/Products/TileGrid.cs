namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>The tiles of a product's results.</summary>
/// <param name="Tiles">All of them, of all batches and parts.</param>
/// <param name="PerBatch">Those of one batch, or of one part of its depth.</param>
/// <param name="PerRow">Those beside each other.</param>
/// <param name="Parts">Among how many groups the depth is shared.</param>
/// <param name="Depth">What each of them sums over; a multiple of the depth of all slices where there are several.</param>
internal readonly record struct TileGrid(long Tiles, int PerBatch, int PerRow, int Parts, int Depth)
{
    /// <summary>A multiple of the depth of all slices.</summary>
    private const long Slice = 32;

    /// <summary>Tiles that keep a large device busy.</summary>
    public const long Many = 128;

    public static TileGrid Of(ProductSizes sizes, int sizeLog)
    {
        var size = 1L << sizeLog;
        var (down, across) = ((sizes.M + size - 1) / size, (sizes.N + size - 1) / size);
        return new(sizes.Batch * down * across, checked((int)(down * across)), (int)across, 1, (int)sizes.K);
    }

    /// <summary>The same with the depth shared among groups where there are too few tiles, each of them with at least so much of it.</summary>
    public TileGrid Shared(long leastDepth)
    {
        var parts = Tiles is 0 or >= Many ? 1 : Math.Min(2 * Many / Tiles, Depth / leastDepth);
        if (parts <= 1) return this;
        var depth = ((Depth + parts - 1) / parts + Slice - 1) / Slice * Slice;
        var needed = (int)((Depth + depth - 1) / depth);
        return this with { Tiles = Tiles * needed, Parts = needed, Depth = (int)depth };
    }
}
