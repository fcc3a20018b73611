using System.Numerics;
using ILGPU;
using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>One side of a product as <see cref="TileKernel"/> loads it: lines (rows of A, columns of B) of numbers along the depth, of which each thread moves four of every slice.</summary>
internal interface ILines
{
    /// <summary>Sends the thread to its numbers of a slice: lines from <paramref name="first"/> on, 2 ^ <paramref name="sizeLog"/> of them, from a depth on.</summary>
    void Begin(long batch, int first, int depth, int sizeLog);

    /// <summary>The thread's four numbers of the current slice; 0 beyond the depth. What lies beyond the lines is loaded from anywhere, since nobody stores what becomes of it.</summary>
    Quad<T> Load<TStored, T, TStorage>(ArrayView<TStored> from) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>;

    /// <summary>Puts them in their places of a slice in shared memory.</summary>
    void Put<T>(ArrayView<Quad<T>> slice, Quad<T> numbers) where T : unmanaged, INumber<T>;

    /// <summary>Goes to the next slice.</summary>
    void Advance(int depth);
}
