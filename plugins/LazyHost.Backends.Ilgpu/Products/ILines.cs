using System.Numerics;
using ILGPU;
using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>
/// One side of a product as kernels load it: lines (rows of A, columns of B) of numbers along the depth. A thread loads four numbers of each slice: those at (line + i * lineStep, depth + i * depthStep).
/// </summary>
internal interface ILines
{
    /// <summary>True where neighbouring threads shall load along the depth, because it is contiguous.</summary>
    bool IsAlongDepth { get; }

    /// <summary>Goes to the first slice of a batch.</summary>
    void Begin(long batch, int line, int lineStep, int depth, int depthStep);

    /// <summary>The thread's four numbers of the current slice; 0 outside.</summary>
    Quad<T> Load<TStored, T, TStorage>(ArrayView<TStored> from) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>;

    /// <summary>Goes to the next slice.</summary>
    void Advance(int depth);
}
