using ILGPU;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>A lane's sums of 16 x 32 results.</summary>
internal struct WarpRow
{
    public Quad<float> A, B, C, D;

    public readonly WarpRow Plus<TMma>(Quad<uint> a, WarpColumns b, ArrayView<uint> scratch) where TMma : struct, IMma => new()
    {
        A = TMma.Plus(A, a, b.Low.X, b.High.X, scratch),
        B = TMma.Plus(B, a, b.Low.Y, b.High.Y, scratch),
        C = TMma.Plus(C, a, b.Low.Z, b.High.Z, scratch),
        D = TMma.Plus(D, a, b.Low.W, b.High.W, scratch),
    };
}
