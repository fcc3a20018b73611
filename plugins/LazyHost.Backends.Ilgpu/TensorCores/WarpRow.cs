using ILGPU;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>A lane's sums of 16 x 32 results.</summary>
internal struct WarpRow
{
    public Quad<float> A, B, C, D;

    /// <summary>These sums and the products of a slice's 16 rows from <paramref name="row"/> on with the columns.</summary>
    public readonly WarpRow Plus<TMma>(ArrayView<Quad<uint>> rows, int row, int lane, WarpColumns columns, ArrayView<uint> scratch) where TMma : struct, IMma
    {
        var (first, second) = (HalfSlice.First(rows, row, lane), HalfSlice.Second(rows, row, lane));
        return new()
        {
            A = TMma.Plus(TMma.Plus(A, first, columns.A.X, columns.A.Y, scratch), second, columns.A.Z, columns.A.W, scratch),
            B = TMma.Plus(TMma.Plus(B, first, columns.B.X, columns.B.Y, scratch), second, columns.B.Z, columns.B.W, scratch),
            C = TMma.Plus(TMma.Plus(C, first, columns.C.X, columns.C.Y, scratch), second, columns.C.Z, columns.C.W, scratch),
            D = TMma.Plus(TMma.Plus(D, first, columns.D.X, columns.D.Y, scratch), second, columns.D.Z, columns.D.W, scratch),
        };
    }

    public readonly void Store<TTarget, TSums, TPlaces>(ArrayView<TTarget> to, TPlaces places, int row, int column, int lane)
        where TTarget : unmanaged where TSums : struct, ISumStorage<TTarget> where TPlaces : struct, IPlaces
    {
        Store<TTarget, TSums, TPlaces>(to, places, row, column, lane, A);
        Store<TTarget, TSums, TPlaces>(to, places, row, column + 8, lane, B);
        Store<TTarget, TSums, TPlaces>(to, places, row, column + 16, lane, C);
        Store<TTarget, TSums, TPlaces>(to, places, row, column + 24, lane, D);
    }

    private static void Store<TTarget, TSums, TPlaces>(ArrayView<TTarget> to, TPlaces places, int row, int column, int lane, Quad<float> sums)
        where TTarget : unmanaged where TSums : struct, ISumStorage<TTarget> where TPlaces : struct, IPlaces
    {
        Two<TTarget, TSums, TPlaces>(to, places, row + MmaFragment.RowOfSum(lane, 0), column + MmaFragment.ColumnOfSum(lane, 0), sums.X, sums.Y);
        Two<TTarget, TSums, TPlaces>(to, places, row + MmaFragment.RowOfSum(lane, 2), column + MmaFragment.ColumnOfSum(lane, 2), sums.Z, sums.W);
    }

    private static void Two<TTarget, TSums, TPlaces>(ArrayView<TTarget> to, TPlaces places, int row, int column, float first, float second)
        where TTarget : unmanaged where TSums : struct, ISumStorage<TTarget> where TPlaces : struct, IPlaces
    {
        var place = places.Place(row, column);
        if (place < 0) return;
        if (places.ArePaired)
        {
            TSums.Two(to, place, first, second);
            return;
        }
        TSums.One(to, place, first);
        var next = places.Place(row, column + 1);
        if (next >= 0) TSums.One(to, next, second);
    }
}
