using System.Numerics;
using ILGPU;
using ILGPU.Util;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>
/// Tiles of 64 columns in shared memory, row by row in quads. Quads of a row change places with each other by some low bits of the row, so that threads that read or write at once meet no bank twice.
/// </summary>
internal static class AttentionTile
{
    public const int Columns = 64;

    /// <summary>The quads of a row.</summary>
    public const int Quads = Columns / 4;

    /// <summary>The bits of the row that change places where sixteen threads read neighbouring rows.</summary>
    public const int Rows = 7;

    /// <summary>The same where two halves of a warp read rows four apart.</summary>
    public const int HalfWarps = 4;

    /// <summary>The same where a row is read by neighbouring threads.</summary>
    public const int Straight = 0;

    /// <summary>Where a quad of a row lies.</summary>
    public static int Place(int row, int quad, int bits) => (row * Quads) + (quad ^ (row & bits));

    /// <summary>Loads a tile; 0 outside.</summary>
    /// <param name="from">Where the matrix lies.</param>
    /// <param name="matrix">How it lies.</param>
    /// <param name="place">The tile's first element.</param>
    /// <param name="rows">Rows of the tile inside the matrix.</param>
    /// <param name="columns">Columns inside.</param>
    /// <param name="rowsLog">The base-2 logarithm of the rows of the tile.</param>
    /// <param name="threads">The threads of the group.</param>
    /// <param name="bits">Which bits of the row change places.</param>
    /// <param name="to">The tile.</param>
    public static void Load<TStored, TStorage>(ArrayView<TStored> from, StridedHeads matrix, long place, int rows, int columns, int rowsLog, int threads, int bits, ArrayView<Quad<float>> to)
        where TStored : unmanaged, INumber<TStored> where TStorage : struct, IStorage<TStored, float>
    {
        if (matrix.IsWide) LoadQuads<TStored, TStorage>(from.Cast<Quad<TStored>>(), matrix, place, rows, columns, rowsLog, threads, bits, to);
        else LoadEach<TStored, TStorage>(from, matrix, place, rows, columns, rowsLog, threads, bits, to.Cast<float>());
    }

    private static void LoadQuads<TStored, TStorage>(ArrayView<Quad<TStored>> from, StridedHeads matrix, long place, int rows, int columns, int rowsLog, int threads, int bits, ArrayView<Quad<float>> to)
        where TStored : unmanaged, INumber<TStored> where TStorage : struct, IStorage<TStored, float>
    {
        var (row, quad, rowStep) = (Group.IdxX / Quads, Group.IdxX & (Quads - 1), threads / Quads);
        var (at, step, isInside) = (place + matrix.Place(row, 4 * quad), rowStep * matrix.RowStride, 4 * quad < columns);
        for (var i = 0; i < (Quads << rowsLog) / threads; i += 4)
        {
            // all four before the first is stored, so that they are under way at once
            var first = Quad<TStored, TStorage>(from, matrix.Offset, at, isInside & row < rows);
            var second = Quad<TStored, TStorage>(from, matrix.Offset, at + step, isInside & row + rowStep < rows);
            var third = Quad<TStored, TStorage>(from, matrix.Offset, at + (2 * step), isInside & row + (2 * rowStep) < rows);
            var fourth = Quad<TStored, TStorage>(from, matrix.Offset, at + (3 * step), isInside & row + (3 * rowStep) < rows);
            to[Place(row, quad, bits)] = first;
            to[Place(row + rowStep, quad, bits)] = second;
            to[Place(row + (2 * rowStep), quad, bits)] = third;
            to[Place(row + (3 * rowStep), quad, bits)] = fourth;
            (row, at) = (row + (4 * rowStep), at + (4 * step));
        }
    }

    /// <summary>One number at a time, along whichever way is contiguous.</summary>
    private static void LoadEach<TStored, TStorage>(ArrayView<TStored> from, StridedHeads matrix, long place, int rows, int columns, int rowsLog, int threads, int bits, ArrayView<float> to)
        where TStored : unmanaged where TStorage : struct, IStorage<TStored, float>
    {
        var isAlongRow = matrix.ColumnStride == 1;
        var row = isAlongRow ? Group.IdxX / Columns : Group.IdxX & ((1 << rowsLog) - 1);
        var column = isAlongRow ? Group.IdxX & (Columns - 1) : Group.IdxX >> rowsLog;
        var (rowStep, columnStep) = isAlongRow ? (threads / Columns, 0) : (0, threads >> rowsLog);
        var (at, step) = (place + matrix.Place(row, column), matrix.Place(rowStep, columnStep));
        for (var i = 0; i < (Columns << rowsLog) / threads; i += 4)
        {
            var first = One<TStored, TStorage>(from, matrix.Offset, at, row < rows & column < columns);
            var second = One<TStored, TStorage>(from, matrix.Offset, at + step, row + rowStep < rows & column + columnStep < columns);
            var third = One<TStored, TStorage>(from, matrix.Offset, at + (2 * step), row + (2 * rowStep) < rows & column + (2 * columnStep) < columns);
            var fourth = One<TStored, TStorage>(from, matrix.Offset, at + (3 * step), row + (3 * rowStep) < rows & column + (3 * columnStep) < columns);
            Put(to, row, column, bits, first);
            Put(to, row + rowStep, column + columnStep, bits, second);
            Put(to, row + (2 * rowStep), column + (2 * columnStep), bits, third);
            Put(to, row + (3 * rowStep), column + (3 * columnStep), bits, fourth);
            (row, column, at) = (row + (4 * rowStep), column + (4 * columnStep), at + (4 * step));
        }
    }

    /// <summary>Stores one number.</summary>
    public static void Put<T>(ArrayView<T> to, int row, int column, int bits, T number) where T : unmanaged => to[(Place(row, column >> 2, bits) * 4) + (column & 3)] = number;

    // outside both read the first elements instead, so that no load waits for a branch
    private static float One<TStored, TStorage>(ArrayView<TStored> from, long offset, long at, bool isInside) where TStored : unmanaged where TStorage : struct, IStorage<TStored, float> =>
        Utilities.Select(isInside, TStorage.Widen(from[Utilities.Select(isInside, at, offset)]), 0f);

    private static Quad<float> Quad<TStored, TStorage>(ArrayView<Quad<TStored>> from, long offset, long at, bool isInside)
        where TStored : unmanaged, INumber<TStored> where TStorage : struct, IStorage<TStored, float>
    {
        var quad = from[Utilities.Select(isInside, at, offset) >> 2];
        return new()
        {
            X = Utilities.Select(isInside, TStorage.Widen(quad.X), 0f),
            Y = Utilities.Select(isInside, TStorage.Widen(quad.Y), 0f),
            Z = Utilities.Select(isInside, TStorage.Widen(quad.Z), 0f),
            W = Utilities.Select(isInside, TStorage.Widen(quad.W), 0f),
        };
    }
}
