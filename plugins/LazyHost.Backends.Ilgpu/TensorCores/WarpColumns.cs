using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>A lane's part of four pieces of B: the first register of each, and the second.</summary>
internal struct WarpColumns
{
    public Quad<uint> Low, High;
}
