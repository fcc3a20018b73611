namespace LazyHost.Tests.Properties;

/// <summary>The value of a tensor as a plain array.</summary>
/// <param name="Shape">Its sizes.</param>
/// <param name="Cells">Its elements, row by row; truth values as 0 and 1.</param>
/// <param name="IsBool">Whether they are truth values.</param>
/// <param name="IsRough">Whether they are not small multiples of a quarter, so that sums of them depend on the order.</param>
/// <param name="RequiresGrad">Whether gradients flow to what it was computed from.</param>
internal sealed record Plain(int[] Shape, Cell[] Cells, bool IsBool = false, bool IsRough = false, bool RequiresGrad = false)
{
    public const int MostCells = 48;

    public double[] Numbers => Array.ConvertAll(Cells, c => c.Value);

    public static Plain Of(int[] shape, IEnumerable<double> numbers) => new(shape, [.. numbers.Select(n => new Cell((float)n))]);

    /// <summary>The value, where it is one that every backend computes with the same bits.</summary>
    public Plain Checked()
    {
        RejectedException.Unless(Cells.Length <= MostCells && Shape.Length <= 4, "too large");
        foreach (var cell in Cells)
            RejectedException.Unless(IsRough ? Math.Abs(cell.Value) < 1e6 : Math.Abs(cell.Value) <= 64 && cell.Value * 4 == Math.Floor(cell.Value * 4), "not exact");
        return this;
    }

    /// <summary>The same numbers, cut off from gradients.</summary>
    public Plain Constant() => RequiresGrad ? this with { Cells = Array.ConvertAll(Cells, c => c.Constant), RequiresGrad = false } : this;

    public Plain BroadcastTo(int[] shape)
    {
        var (map, _) = Views.Map("expand", Shape, shape);
        return this with { Shape = shape, Cells = Array.ConvertAll(map, i => Cells[i]) };
    }

    /// <summary>The elements over an axis, or over all axes for -1, made one each.</summary>
    public Plain Reduce(int axis, bool keep, Func<Cell[], Cell> combine)
    {
        var groups = new SortedDictionary<int, List<Cell>>();
        var shape = axis < 0 ? [] : Shape.Where((_, i) => i != axis).ToArray();
        for (var i = 0; i < Cells.Length; i++)
        {
            var index = Places.Of(i, Shape);
            var group = axis < 0 ? 0 : Places.Flat([.. index.Where((_, k) => k != axis)], shape);
            if (!groups.TryGetValue(group, out var list)) groups.Add(group, list = []);
            list.Add(Cells[i]);
        }
        var kept = keep ? Shape.Select((size, i) => axis < 0 || i == axis ? 1 : size).ToArray() : shape;
        return this with { Shape = kept, Cells = [.. groups.Values.Select(g => combine([.. g]))] };
    }

    public Plain MatMul(Plain other)
    {
        RejectedException.Unless(Shape.Length == 2 && other.Shape.Length == 2 && Shape[1] == other.Shape[0], "no matrices that fit");
        var (rows, inner, columns) = (Shape[0], Shape[1], other.Shape[1]);
        var cells = new Cell[rows * columns];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
            {
                var pairs = Enumerable.Range(0, inner).Select(k => (A: Cells[(r * inner) + k], B: other.Cells[(k * columns) + c])).ToArray();
                cells[(r * columns) + c] = Cell.Of(pairs.Sum(p => p.A.Value * p.B.Value), pairs.SelectMany(p => new[] { (p.A, p.B.Value), (p.B, p.A.Value) }));
            }
        return new([rows, columns], cells, RequiresGrad: RequiresGrad || other.RequiresGrad);
    }

    public static Plain Concat(int axis, Plain a, Plain b)
    {
        RejectedException.Unless(axis < a.Shape.Length && a.Shape.Length == b.Shape.Length && a.IsBool == b.IsBool, "cannot be joined");
        RejectedException.Unless(!a.Shape.Where((size, i) => i != axis && size != b.Shape[i]).Any(), "cannot be joined");
        var shape = a.Shape.ToArray();
        shape[axis] += b.Shape[axis];
        var cells = new Cell[Places.Count(shape)];
        for (var i = 0; i < cells.Length; i++)
        {
            var index = Places.Of(i, shape);
            var from = index[axis] < a.Shape[axis] ? a : b;
            if (from == b) index[axis] -= a.Shape[axis];
            cells[i] = from.Cells[Places.Flat(index, from.Shape)];
        }
        return new(shape, cells, a.IsBool, a.IsRough || b.IsRough, a.RequiresGrad || b.RequiresGrad);
    }
}
