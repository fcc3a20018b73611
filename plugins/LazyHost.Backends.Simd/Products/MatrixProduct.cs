using LazyHost.Backends.Simd.Memory;
using LazyHost.Backends.Simd.Threading;

namespace LazyHost.Backends.Simd.Products;

/// <summary>
/// C = A · B in blocks: k in slices of <see cref="DepthBlock"/>, for each of which A and B are packed into strips (K. Goto, R. van de Geijn, Anatomy of
/// High-Performance Matrix Multiplication, 2008) and tiles of C are shared between threads. Every element sums over k in the same order whatever the threads.
/// </summary>
internal sealed unsafe class MatrixProduct<T>(TileSet tiles, NativePool pool, WorkerPool workers) where T : unmanaged
{
    private const long DepthBlock = 256;
    private const long SmallElements = 128 * 128;
    private const long ParallelOperations = 1 << 18;
    private const long FlatDepth = 16, FlatStrips = 32;

    /// <summary>A product of one pair of matrices; C is packed along its rows.</summary>
    public void Multiply(long m, long n, long k, Matrix<T> a, Matrix<T> b, Matrix<T> c, bool isParallel)
    {
        if (m == 0 || n == 0) return;
        isParallel &= m * n * k >= ParallelOperations;
        if (k == 0) Clear(m, n, c);
        else if (n == 1 && a.ColumnStride == 1 && (b.RowStride == 1 || k == 1)) FlatProduct<T>.Multiply(m, k, a, b.Data, c.Data, c.RowStride, workers, isParallel);
        else if (m == 1 && b.RowStride == 1 && (a.ColumnStride == 1 || k == 1)) FlatProduct<T>.Multiply(n, k, new(b.Data, b.ColumnStride, b.RowStride), a.Data, c.Data, c.ColumnStride, workers, isParallel);
        else if (b.ColumnStride == 1 && n >= tiles.Columns && (m < 4 || Math.Max(m * k, Math.Max(k * n, m * n)) <= SmallElements)) Direct(m, n, k, a, b, c, isParallel);
        else Blocked(m, n, k, a, b, c, isParallel);
    }

    private static void Clear(long m, long n, Matrix<T> c)
    {
        for (long i = 0; i < m; i++) new Span<T>(c.From(i, 0).Data, checked((int)n)).Clear();
    }

    /// <summary>Small or flat products: tiles read A and B where they lie; only the last columns are packed.</summary>
    private void Direct(long m, long n, long k, Matrix<T> a, Matrix<T> b, Matrix<T> c, bool isParallel)
    {
        var edge = (int)(n % tiles.Columns);
        using var strip = edge == 0 ? null : pool.Rent(k * tiles.Columns * sizeof(T));
        if (strip is not null) Packing.Pack((T*)strip.Pointer, b.From(0, n - edge).Data, 1, b.RowStride, edge, tiles.Columns, k);
        var work = new DirectWork { Tiles = tiles, M = m, N = n, K = k, A = a, B = b, C = c, Edge = strip is null ? null : (T*)strip.Pointer };
        var strips = (n + tiles.Columns - 1) / tiles.Columns;
        // A flat product reads B once, in memory's order: a few rows of it at a time, along many strips.
        var isFlat = k * n > SmallElements;
        (work.Slice, work.StripsAPiece) = isFlat ? (FlatDepth, FlatStrips) : (k, 1);
        var pieces = (strips + work.StripsAPiece - 1) / work.StripsAPiece;
        if (isParallel && workers.Threads > 1) workers.Run(ref work, pieces);
        else for (long i = 0; i < pieces; i++) work.Run(i);
    }

    private void Blocked(long m, long n, long k, Matrix<T> a, Matrix<T> b, Matrix<T> c, bool isParallel)
    {
        var depth = Math.Min(k, DepthBlock);
        var (rowStrips, columnStrips) = ((m + tiles.Rows - 1) / tiles.Rows, (n + tiles.Columns - 1) / tiles.Columns);
        using var packedA = pool.Rent(rowStrips * tiles.Rows * depth * sizeof(T));
        using var packedB = pool.Rent(columnStrips * tiles.Columns * depth * sizeof(T));
        for (long at = 0; at < k; at += depth)
        {
            var slice = Math.Min(depth, k - at);
            var pack = new PackWork
            {
                Tiles = tiles, M = m, N = n, Depth = slice, A = a.From(0, at), B = b.From(at, 0), ToA = (T*)packedA.Pointer, ToB = (T*)packedB.Pointer, RowStrips = rowStrips, Strips = rowStrips + columnStrips,
            };
            var pieces = (pack.Strips + PackWork.StripsAPiece - 1) / PackWork.StripsAPiece;
            var block = new BlockWork
            {
                Tiles = tiles, M = m, N = n, Depth = slice, C = c, A = pack.ToA, B = pack.ToB, RowStrips = rowStrips, ColumnStrips = columnStrips, IsAdded = at > 0 ? 1 : 0,
            };
            if (isParallel)
            {
                workers.Run(ref pack, pieces);
                workers.Run(ref block, block.Pieces);
                continue;
            }
            for (long i = 0; i < pieces; i++) pack.Run(i);
            for (long i = 0; i < block.Pieces; i++) block.Run(i);
        }
    }

    private struct DirectWork : IWork
    {
        public TileSet Tiles;
        public long M, N, K, Slice, StripsAPiece;
        public Matrix<T> A, B, C;
        public T* Edge;

        public readonly void Run(long piece)
        {
            var last = Math.Min((N + Tiles.Columns - 1) / Tiles.Columns, (piece + 1) * StripsAPiece);
            for (long k = 0; k < K; k += Slice)
                for (var strip = piece * StripsAPiece; strip < last; strip++) Strip(strip, k, Math.Min(Slice, K - k));
        }

        private readonly void Strip(long strip, long k, long depth)
        {
            var (columns, size) = (Tiles.Columns, sizeof(T));
            var column = strip * columns;
            var count = (int)Math.Min(columns, N - column);
            var b = count == columns ? B.From(k, column) : new(Edge + (k * columns), columns, 1);
            // Rows in tiles of nearly equal height keep every tile's registers full.
            var tileCount = (M + Tiles.Rows - 1) / Tiles.Rows;
            var height = (M + tileCount - 1) / tileCount;
            for (long row = 0; row < M; row += height)
            {
                var rows = (int)Math.Min(height, M - row);
                var a = A.From(row, k);
                Tile(Tiles[rows], rows, count, columns, (byte*)a.Data, a.RowStride * size, a.ColumnStride * size, (byte*)b.Data, b.RowStride * size, C.From(row, column), depth, k > 0 ? 1 : 0);
            }
        }
    }

    private struct PackWork : IWork
    {
        public const int StripsAPiece = 8;

        public TileSet Tiles;
        public long M, N, Depth, RowStrips, Strips;
        public Matrix<T> A, B;
        public T* ToA, ToB;

        public readonly void Run(long piece)
        {
            for (var strip = piece * StripsAPiece; strip < Math.Min(Strips, (piece + 1) * StripsAPiece); strip++)
                if (strip < RowStrips) PackRows(strip);
                else PackColumns(strip - RowStrips);
        }

        private readonly void PackRows(long strip)
        {
            var row = strip * Tiles.Rows;
            Packing.Pack(ToA + (row * Depth), A.From(row, 0).Data, A.RowStride, A.ColumnStride, (int)Math.Min(Tiles.Rows, M - row), Tiles.Rows, Depth);
        }

        private readonly void PackColumns(long strip)
        {
            var column = strip * Tiles.Columns;
            Packing.Pack(ToB + (column * Depth), B.From(0, column).Data, B.ColumnStride, B.RowStride, (int)Math.Min(Tiles.Columns, N - column), Tiles.Columns, Depth);
        }
    }

    private struct BlockWork : IWork
    {
        private const long RowStripsAPiece = 16, ColumnStripsAPiece = 16;

        public TileSet Tiles;
        public long M, N, Depth, RowStrips, ColumnStrips;
        public Matrix<T> C;
        public T* A, B;
        public int IsAdded;

        public readonly long Pieces => RowPieces * ((ColumnStrips + ColumnStripsAPiece - 1) / ColumnStripsAPiece);

        private readonly long RowPieces => (RowStrips + RowStripsAPiece - 1) / RowStripsAPiece;

        /// <summary>A block of A that stays in the second-level cache, against strips of B that stay in the first while all its rows pass.</summary>
        public readonly void Run(long piece)
        {
            var (columns, size) = (Tiles.Columns, sizeof(T));
            var (firstRow, firstColumn) = (piece % RowPieces * RowStripsAPiece, piece / RowPieces * ColumnStripsAPiece);
            var (lastRow, lastColumn) = (Math.Min(RowStrips, firstRow + RowStripsAPiece), Math.Min(ColumnStrips, firstColumn + ColumnStripsAPiece));
            for (var columnStrip = firstColumn; columnStrip < lastColumn; columnStrip++)
            {
                var column = columnStrip * columns;
                var count = (int)Math.Min(columns, N - column);
                var b = (byte*)(B + (column * Depth));
                for (var rowStrip = firstRow; rowStrip < lastRow; rowStrip++)
                {
                    var row = rowStrip * Tiles.Rows;
                    var rows = (int)Math.Min(Tiles.Rows, M - row);
                    Tile(Tiles[rows], rows, count, columns, (byte*)(A + (row * Depth)), size, Tiles.Rows * size, b, columns * size, C.From(row, column), Depth, IsAdded);
                }
            }
        }
    }

    /// <summary>One tile; where the result has fewer columns it goes through a tile of its own.</summary>
    private static void Tile(MicroKernel kernel, int rows, int count, int columns, byte* a, long aRow, long aStep, byte* b, long bStep, Matrix<T> c, long depth, int isAdded)
    {
        if (count == columns && c.ColumnStride == 1)
        {
            kernel(a, aRow, aStep, b, bStep, (byte*)c.Data, c.RowStride * sizeof(T), depth, isAdded);
            return;
        }
        var whole = stackalloc T[rows * columns];
        for (var i = 0; isAdded != 0 && i < rows; i++)
            for (var j = 0; j < count; j++) whole[(i * columns) + j] = *c.From(i, j).Data;
        kernel(a, aRow, aStep, b, bStep, (byte*)whole, columns * sizeof(T), depth, isAdded);
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < count; j++) *c.From(i, j).Data = whole[(i * columns) + j];
    }
}
