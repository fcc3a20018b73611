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

    /// <summary>Loads a tile along whichever way is contiguous; 0 outside.</summary>
    /// <param name="from">Where the matrix lies.</param>
    /// <param name="matrix">How it lies.</param>
    /// <param name="place">The tile's first element.</param>
    /// <param name="rows">Rows of the tile inside the matrix.</param>
    /// <param name="columns">Columns inside.</param>
    /// <param name="rowsLog">The base-2 logarithm of the rows of the tile.</param>
    /// <param name="threads">The threads of the group.</param>
    /// <param name="bits">Which bits of the row change places.</param>
    /// <param name="to">The tile.</param>
    public static void Load<TStored, T, TStorage>(ArrayView<TStored> from, StridedHeads matrix, long place, int rows, int columns, int rowsLog, int threads, int bits, ArrayView<T> to)
        where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    {
        var isAlongRow = matrix.ColumnStride == 1;
        var row = isAlongRow ? Group.IdxX / Columns : Group.IdxX & ((1 << rowsLog) - 1);
        var column = isAlongRow ? Group.IdxX & (Columns - 1) : Group.IdxX >> rowsLog;
        var (rowStep, columnStep) = isAlongRow ? (threads / Columns, 0) : (0, threads >> rowsLog);
        var (at, step) = (place + matrix.Place(row, column), matrix.Place(rowStep, columnStep));
        for (var i = 0; i < (Columns << rowsLog) / threads; i += 4)
        {
            // all four before the first is stored, so that they are under way at once
            var loaded = new Quad<T>
            {
                X = One<TStored, T, TStorage>(from, matrix.Offset, at, row < rows & column < columns),
                Y = One<TStored, T, TStorage>(from, matrix.Offset, at + step, row + rowStep < rows & column + columnStep < columns),
                Z = One<TStored, T, TStorage>(from, matrix.Offset, at + (2 * step), row + (2 * rowStep) < rows & column + (2 * columnStep) < columns),
                W = One<TStored, T, TStorage>(from, matrix.Offset, at + (3 * step), row + (3 * rowStep) < rows & column + (3 * columnStep) < columns),
            };
            Put(to, row, column, bits, loaded.X);
            Put(to, row + rowStep, column + columnStep, bits, loaded.Y);
            Put(to, row + (2 * rowStep), column + (2 * columnStep), bits, loaded.Z);
            Put(to, row + (3 * rowStep), column + (3 * columnStep), bits, loaded.W);
            (row, column, at) = (row + (4 * rowStep), column + (4 * columnStep), at + (4 * step));
        }
    }

    /// <summary>Stores one number.</summary>
    public static void Put<T>(ArrayView<T> to, int row, int column, int bits, T number) where T : unmanaged => to[(Place(row, column >> 2, bits) * 4) + (column & 3)] = number;

    // outside it reads the first element instead, so that no load waits for a branch
    private static T One<TStored, T, TStorage>(ArrayView<TStored> from, long offset, long at, bool isInside)
        where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> =>
        Utilities.Select(isInside, TStorage.Widen(from[Utilities.Select(isInside, at, offset)]), T.Zero);
}
