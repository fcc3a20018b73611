namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>Where results of a product lie.</summary>
internal interface IPlaces
{
    /// <summary>Goes to the results of a batch.</summary>
    void Begin(long batch);

    /// <summary>The element of a result, or a negative number outside of them.</summary>
    long Place(int row, int column);

    /// <summary>True where results in columns 2 i and 2 i + 1 always lie beside each other, the first of them at an even place.</summary>
    bool ArePaired { get; }
}
