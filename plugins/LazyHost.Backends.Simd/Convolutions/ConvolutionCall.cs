using LazyHost.Backends.Simd.Calls;
using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Products;
using LazyHost.Backends.Simd.Threading;
using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Simd.Convolutions;

/// <summary>Convolution as a matrix product whose right side, the windows, is packed strip by strip and never stored whole. Threads share the strips.</summary>
internal sealed unsafe class ConvolutionCall<T>(ConvolutionShape shape, TileSet tiles) : LibraryCall where T : unmanaged
{
    private const long DepthBlock = 256;

    public override void Run(byte** inputs, byte** outputs, in RunContext context)
    {
        if (shape.Columns == 0 || shape.Filters == 0) return;
        if (shape.Depth == 0)
        {
            new Span<byte>(outputs[0], checked((int)(shape.Batch * shape.Filters * shape.ResultCount * sizeof(T)))).Clear();
            return;
        }
        var rowStrips = (shape.Rows + tiles.Rows - 1) / tiles.Rows;
        using var packed = context.Pool.Rent(shape.Groups * rowStrips * tiles.Rows * shape.Depth * sizeof(T));
        var pack = new PackWork { Shape = shape, Tiles = tiles, RowStrips = rowStrips, From = (T*)inputs[1], To = (T*)packed.Pointer };
        context.Workers.Run(ref pack, shape.Groups * rowStrips);
        var work = new StripWork
        {
            Shape = shape, Tiles = tiles, RowStrips = rowStrips, Strips = (shape.Columns + tiles.Columns - 1) / tiles.Columns,
            X = (T*)inputs[0], Filters = pack.To, To = (T*)outputs[0], Context = context,
        };
        context.Workers.Run(ref work, shape.Groups * work.Strips);
    }

    /// <summary>Packs the filters of one strip of rows: depth block after depth block.</summary>
    private struct PackWork : IWork
    {
        public ConvolutionShape Shape;
        public TileSet Tiles;
        public long RowStrips;
        public T* From, To;

        public readonly void Run(long piece)
        {
            var (group, strip) = (piece / RowStrips, piece % RowStrips);
            var row = strip * Tiles.Rows;
            var count = (int)Math.Min(Tiles.Rows, Shape.Rows - row);
            var from = From + (((group * Shape.Rows) + row) * Shape.Depth);
            Packing.Pack(To + (piece * Tiles.Rows * Shape.Depth), from, Shape.Depth, 1, count, Tiles.Rows, Shape.Depth);
        }
    }

    private struct StripWork : IWork
    {
        public ConvolutionShape Shape;
        public TileSet Tiles;
        public long RowStrips, Strips;
        public T* X, Filters, To;
        public RunContext Context;

        public readonly void Run(long piece)
        {
            var (group, columns) = (piece / Strips, Tiles.Columns);
            var column = piece % Strips * columns;
            var count = (int)Math.Min(columns, Shape.Columns - column);
            using var strip = Context.Pool.Rent(Math.Min(DepthBlock, Shape.Depth) * columns * sizeof(T));
            var windows = (T*)strip.Pointer;
            // Results of several images, or fewer than a tile has columns, are summed in a strip of their own and then put in their places.
            var isWhole = count == columns && (column % Shape.ResultCount) + count <= Shape.ResultCount;
            using var sums = isWhole ? null : Context.Pool.Rent(Shape.Rows * columns * sizeof(T));
            var local = sums is null ? null : (T*)sums.Pointer;
            for (long from = 0; from < Shape.Depth; from += DepthBlock)
            {
                var depth = Math.Min(DepthBlock, Shape.Depth - from);
                WindowPacking.Pack(Shape, X, group, column, count, columns, from, depth, windows);
                for (long rowStrip = 0; rowStrip < RowStrips; rowStrip++)
                {
                    var row = rowStrip * Tiles.Rows;
                    var rows = (int)Math.Min(Tiles.Rows, Shape.Rows - row);
                    var filters = Filters + ((((group * RowStrips) + rowStrip) * Shape.Depth) + from) * Tiles.Rows;
                    var (to, stride) = isWhole ? ((nint)Result((group * Shape.Rows) + row, column), Shape.ResultCount) : ((nint)(local + (row * columns)), columns);
                    Tiles[rows]((byte*)filters, sizeof(T), Tiles.Rows * sizeof(T), (byte*)windows, columns * sizeof(T), (byte*)to, stride * sizeof(T), depth, from > 0 ? 1 : 0);
                }
            }
            for (var j = 0; !isWhole && j < count; j++)
                for (var i = 0; i < Shape.Rows; i++) *Result((group * Shape.Rows) + i, column + j) = local[(i * columns) + j];
        }

        private readonly T* Result(long filter, long column) =>
            To + (((column / Shape.ResultCount * Shape.Filters) + filter) * Shape.ResultCount) + (column % Shape.ResultCount);
    }
}
