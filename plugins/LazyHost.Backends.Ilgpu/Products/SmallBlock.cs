using System.Numerics;
using ILGPU;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>4 x 4 results a thread, 64 x 64 a group: for results too small to keep a device busy with larger ones.</summary>
internal struct SmallBlock<T> : IBlock<SmallBlock<T>, T> where T : unmanaged, INumber<T>
{
    public Quad<T> R0, R1, R2, R3;

    public static int SizeLog => 6;

    public readonly SmallBlock<T> Plus(ArrayView<Quad<T>> a, ArrayView<Quad<T>> b, int place) => Plus(a[place], b[place]);

    /// <summary>These sums and the products of a column of four with a row of four.</summary>
    public readonly SmallBlock<T> Plus(Quad<T> x, Quad<T> y) => new() { R0 = R0.Plus(x.X, y), R1 = R1.Plus(x.Y, y), R2 = R2.Plus(x.Z, y), R3 = R3.Plus(x.W, y) };

    public readonly void Store<TStored, TStorage, TPlaces>(ArrayView<TStored> to, TPlaces places, int row, int column, int down, int across)
        where TStored : unmanaged where TStorage : struct, Numbers.IStorage<TStored, T> where TPlaces : struct, IPlaces
    {
        row += 4 * down;
        column += 4 * across;
        TileStore.Quad<TStored, T, TStorage, TPlaces>(to, places, row, column, R0);
        TileStore.Quad<TStored, T, TStorage, TPlaces>(to, places, row + 1, column, R1);
        TileStore.Quad<TStored, T, TStorage, TPlaces>(to, places, row + 2, column, R2);
        TileStore.Quad<TStored, T, TStorage, TPlaces>(to, places, row + 3, column, R3);
    }
}
