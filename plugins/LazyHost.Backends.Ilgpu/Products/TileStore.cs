using System.Numerics;
using ILGPU;
using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>Writes sums to where they belong.</summary>
internal static class TileStore
{
    /// <summary>Four results of a row.</summary>
    public static void Quad<TStored, T, TStorage, TPlaces>(ArrayView<TStored> to, TPlaces places, int row, int column, Quad<T> sums)
        where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> where TPlaces : struct, IPlaces
    {
        One<TStored, T, TStorage>(to, places.Place(row, column), sums.X);
        One<TStored, T, TStorage>(to, places.Place(row, column + 1), sums.Y);
        One<TStored, T, TStorage>(to, places.Place(row, column + 2), sums.Z);
        One<TStored, T, TStorage>(to, places.Place(row, column + 3), sums.W);
    }

    private static void One<TStored, T, TStorage>(ArrayView<TStored> to, long place, T sum) where TStored : unmanaged where TStorage : struct, IStorage<TStored, T>
    {
        if (place >= 0) to[place] = TStorage.Narrow(sum);
    }
}
