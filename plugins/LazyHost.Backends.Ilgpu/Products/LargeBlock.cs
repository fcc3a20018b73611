using System.Numerics;
using ILGPU;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>8 x 8 results a thread, as four blocks of 4 x 4 that lie 64 rows and columns apart, so that neighbours read neighbouring banks; 128 x 128 a group.</summary>
internal struct LargeBlock<T> : IBlock<LargeBlock<T>, T> where T : unmanaged, INumber<T>
{
    private const int Half = 64;

    public SmallBlock<T> TopLeft, TopRight, BottomLeft, BottomRight;

    public static int SizeLog => 7;

    public readonly LargeBlock<T> Plus(ArrayView<Quad<T>> a, ArrayView<Quad<T>> b, int place)
    {
        var (top, bottom) = (a[place], a[place + (Half / 4)]);
        var (left, right) = (b[place], b[place + (Half / 4)]);
        return new() { TopLeft = TopLeft.Plus(top, left), TopRight = TopRight.Plus(top, right), BottomLeft = BottomLeft.Plus(bottom, left), BottomRight = BottomRight.Plus(bottom, right) };
    }

    public readonly void Store<TStored, TStorage, TPlaces>(ArrayView<TStored> to, TPlaces places, int row, int column, int down, int across)
        where TStored : unmanaged where TStorage : struct, Numbers.IStorage<TStored, T> where TPlaces : struct, IPlaces
    {
        TopLeft.Store<TStored, TStorage, TPlaces>(to, places, row, column, down, across);
        TopRight.Store<TStored, TStorage, TPlaces>(to, places, row, column + Half, down, across);
        BottomLeft.Store<TStored, TStorage, TPlaces>(to, places, row + Half, column, down, across);
        BottomRight.Store<TStored, TStorage, TPlaces>(to, places, row + Half, column + Half, down, across);
    }
}
