namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>C[b] is M x N and sums over K.</summary>
internal readonly record struct ProductSizes(long Batch, long M, long N, long K)
{
    public long Results => Batch * M * N;
}
