namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>How a group shares attention of heads up to some size.</summary>
internal interface IHeadSize
{
    /// <summary>Pieces of 64 columns a head has.</summary>
    static abstract int Chunks { get; }

    /// <summary>The base-2 logarithm of the queries of a group; it has four threads for each of them.</summary>
    static abstract int RowsLog { get; }
}
