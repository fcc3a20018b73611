namespace LazyHost.Tests.Properties;

/// <summary>A number, with how it follows from others where gradients are wanted. Immutable: a write puts another cell in its place.</summary>
internal sealed class Cell(double value, (Cell From, double Slope)[]? parts = null)
{
    public double Value { get; } = value;

    public (Cell From, double Slope)[] Parts { get; } = parts ?? [];

    /// <summary>The parameter whose gradient it receives, and which element of it.</summary>
    public (PlainParameter Parameter, int Index)? Leaf { get; init; }

    /// <summary>The same number, cut off from gradients.</summary>
    public Cell Constant => Parts.Length == 0 && Leaf is null ? this : new(Value);

    public static Cell Of(double value, params IEnumerable<(Cell From, double Slope)> parts) =>
        new((float)value, [.. parts.Where(p => p.Slope != 0 && (p.From.Parts.Length > 0 || p.From.Leaf is not null))]);

    /// <summary>The gradients of a number with respect to every leaf it follows from.</summary>
    /// <exception cref="RejectedException">They cannot be computed without rounding, so that their bits would depend on the order of sums.</exception>
    public Dictionary<(PlainParameter Parameter, int Index), double> Gradients()
    {
        var gradients = new Dictionary<Cell, double>(ReferenceEqualityComparer.Instance) { [this] = 1 };
        var leaves = new Dictionary<(PlainParameter, int), double>();
        foreach (var cell in Enumerable.Reverse(Order()))
        {
            if (!gradients.TryGetValue(cell, out var gradient)) continue;
            RejectedException.Unless(Math.Abs(gradient) <= 256 && gradient * 16 == Math.Floor(gradient * 16), "a gradient is not exact");
            if (cell.Leaf is { } leaf) leaves[leaf] = leaves.GetValueOrDefault(leaf) + gradient;
            foreach (var (from, slope) in cell.Parts) gradients[from] = gradients.GetValueOrDefault(from) + (gradient * slope);
        }
        foreach (var gradient in leaves.Values) RejectedException.Unless(Math.Abs(gradient) <= 256, "a gradient is not exact");
        return leaves;
    }

    /// <summary>What this follows from, each before what follows from it.</summary>
    private List<Cell> Order()
    {
        var (order, seen, open) = (new List<Cell>(), new HashSet<Cell>(ReferenceEqualityComparer.Instance), new Stack<(Cell Cell, bool Entered)>());
        open.Push((this, false));
        while (open.TryPop(out var at))
        {
            if (at.Entered) order.Add(at.Cell);
            else if (seen.Add(at.Cell))
            {
                open.Push((at.Cell, true));
                foreach (var (from, _) in at.Cell.Parts) open.Push((from, false));
            }
        }
        return order;
    }
}
