using LazyHost.Lowering.Fuse;

namespace LazyHost.Lowering.Libraries;

/// <summary>The loops of an attention: batches, then rows and columns, of which each matrix has sizes of its own. Values are told by index maps, so reshapes between steps do not matter.</summary>
internal sealed class AttentionLoops
{
    private readonly long[] batches;

    /// <param name="batch">The batches together.</param>
    /// <param name="shapes">Shapes that may divide the batches into dimensions, the first of which must; and the elements of each batch.</param>
    public AttentionLoops(long batch, IEnumerable<(Shape Shape, long Elements)> shapes)
    {
        Batch = batch;
        var cuts = new SortedSet<long> { 1, batch };
        foreach (var (shape, elements) in shapes)
        {
            var more = new SortedSet<long>(cuts);
            var size = shape.ElementCount;
            for (var i = 0; i < shape.Rank && size > elements; i++)
            {
                more.Add(size / elements);
                size /= shape[i];
            }
            var isCut = size == elements && shape.ElementCount == batch * elements;
            foreach (var (smaller, larger) in more.Zip(more.Skip(1))) isCut &= larger % smaller == 0;
            if (isCut) cuts = more;
        }
        batches = [.. cuts.Zip(cuts.Skip(1), (smaller, larger) => larger / smaller).Reverse()];
    }

    /// <summary>The batches together.</summary>
    public long Batch { get; }

    /// <summary>The sizes of the batch loops.</summary>
    public IReadOnlyList<long> Batches => batches;

    /// <summary>The loop over rows.</summary>
    public int Row => batches.Length;

    /// <summary>The loop over columns.</summary>
    public int Column => batches.Length + 1;

    /// <summary>The sizes of all loops over a matrix.</summary>
    public long[] Sizes(long rows, long columns) => [.. batches, rows, columns];

    /// <summary>The places of a packed batch of matrices.</summary>
    public Affine Packed(long rows, long columns) => Affine.RowMajor([.. Enumerable.Range(0, batches.Length + 2)], Sizes(rows, columns));

    /// <summary>The places of one number a row.</summary>
    public Affine Rows(long rows) => Affine.RowMajor([.. Enumerable.Range(0, batches.Length + 1)], Sizes(rows, 1));

    /// <summary>The places of an operand of a product, or null where its batches are no such loops.</summary>
    public IndexMap? Operand(DotDimensions dims, long row, long column)
    {
        var sizes = Sizes(dims.Shape[(int)row], dims.Shape[(int)column]);
        var strides = dims.Shape.RowMajorStrides();
        var batch = new IndexMap(Affine.RowMajor([.. Enumerable.Range(0, batches.Length)], sizes), []);
        var place = Loop(Row, sizes[Row], strides[(int)row]).Plus(Loop(Column, sizes[Column], strides[(int)column]));
        var inner = Batch;
        foreach (var dim in dims.Batch)
        {
            var size = dims.Shape[(int)dim];
            inner /= size;
            if (batch.Index(batch.Place, inner, size, sizes) is not { } index) return null;
            place = place.Plus(index.Times(strides[(int)dim]));
        }
        return new(place, []);
    }

    /// <summary>The index of one loop times a number.</summary>
    public static Affine Loop(int loop, long size, long factor)
    {
        var coefficients = new long[loop + 1];
        if (size != 1) coefficients[loop] = factor;
        return new(0, coefficients);
    }
}
