using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>Two runs of eight 16-bit numbers.</summary>
internal struct HalfRuns
{
    public Quad<uint> First, Second;
}
