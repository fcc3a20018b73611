using System.Numerics;
using ILGPU;
using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>The results one thread of a group of 16 x 16 sums in registers.</summary>
internal interface IBlock<TSelf, T> where T : unmanaged, INumber<T>
{
    /// <summary>The base-2 logarithm of the rows, and of the columns, that the group computes.</summary>
    static abstract int SizeLog { get; }

    /// <summary>These sums and the products of one column of A with one row of B, both in shared memory from the thread's own first number on.</summary>
    TSelf Plus(ArrayView<Quad<T>> a, ArrayView<Quad<T>> b, int place);

    /// <summary>Stores the sums of the thread at (<paramref name="down"/>, <paramref name="across"/>) of its group, those inside the result.</summary>
    void Store<TStored, TStorage, TPlaces>(ArrayView<TStored> to, TPlaces places, int row, int column, int down, int across)
        where TStored : unmanaged where TStorage : struct, IStorage<TStored, T> where TPlaces : struct, IPlaces;
}
