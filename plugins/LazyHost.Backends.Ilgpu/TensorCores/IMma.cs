using ILGPU;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>How a warp multiplies a 16 x 16 piece of A with a 16 x 8 piece of B; all its lanes must come. Also how results of 16 bits are made of sums.</summary>
internal interface IMma : ISumStorage<ushort>
{
    /// <summary>Words of shared memory it needs for a group.</summary>
    static abstract int Scratch { get; }

    /// <summary>The lane's sums and what the product adds to them.</summary>
    static abstract Quad<float> Plus(Quad<float> sums, Quad<uint> a, uint b0, uint b1, ArrayView<uint> scratch);
}
