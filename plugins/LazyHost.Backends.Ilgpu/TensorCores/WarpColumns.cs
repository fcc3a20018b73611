using ILGPU;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>A lane's part of 32 columns of B: a run of each eighth one.</summary>
internal struct WarpColumns
{
    public Quad<uint> A, B, C, D;

    public static WarpColumns Load(ArrayView<Quad<uint>> shared, int lane) => new()
    {
        A = HalfSlice.First(shared, 0, lane),
        B = HalfSlice.Second(shared, 0, lane),
        C = HalfSlice.First(shared, 16, lane),
        D = HalfSlice.Second(shared, 16, lane),
    };
}
