using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The places in row-major order that sizes, strides and an offset choose.</summary>
internal sealed class StridedPlaces(OperatorForm form, Attributes attributes)
{
    public long[] Sizes { get; } = attributes.Ints(form.Attributes, 0).ToArray();

    public long[] Strides { get; } = attributes.Ints(form.Attributes, 1).ToArray();

    public long Offset { get; } = attributes.Int(form.Attributes, 2);

    /// <summary>The number of places from the first to the last; there is at least one element.</summary>
    public long Span => 1 + Sizes.Zip(Strides, (size, stride) => (size - 1) * stride).Sum();

    /// <summary>Checks that every place is within a shape.</summary>
    public void RequireWithin(Shape shape)
    {
        Rules.RequireAttribute(Sizes.Length == Strides.Length, $"{Sizes.Length} sizes are given {Strides.Length} strides; give one for each");
        Rules.RequireAttribute(!Array.Exists(Sizes, size => size < 0), $"sizes [{string.Join(", ", Sizes)}] must not be negative");
        Rules.RequireAttribute(!Array.Exists(Strides, stride => stride < 0), $"strides [{string.Join(", ", Strides)}] must not be negative; use flip to go backwards");
        Rules.RequireAttribute(Offset >= 0, $"offset {Offset} must not be negative");
        if (Sizes.Contains(0)) return;
        var last = (Int128)Offset;
        for (var i = 0; i < Sizes.Length; i++) last += (Int128)(Sizes[i] - 1) * Strides[i];
        Rules.RequireAttribute(last < shape.ElementCount,
            $"element [{string.Join(", ", Sizes.Select(size => size - 1))}] would be element {last} of {shape}, which has {shape.ElementCount}; counting starts at 0");
    }

    /// <summary>
    /// The dimensions that move, by falling stride, if each lies within one stride of the one before it, so that no place comes twice among them; else null.
    /// </summary>
    public int[]? Nested()
    {
        int[] order = [.. Enumerable.Range(0, Sizes.Length).Where(Moves).OrderByDescending(dim => Strides[dim])];
        long span = 1;
        foreach (var dim in order.Reverse())
        {
            if (Strides[dim] < span) return null;
            span += (Sizes[dim] - 1) * Strides[dim];
        }
        return order;
    }

    /// <summary>True when a place comes twice.</summary>
    public bool Overlap()
    {
        if (Sizes.Contains(0)) return false;
        if (Sizes.Zip(Strides).Any(dim => dim.First > 1 && dim.Second == 0)) return true;
        if (Nested() is not null) return false;
        if (Shape.Create(Sizes).ElementCount > Span) return true;
        // Strides that interleave may or may not meet.
        IEnumerable<long> places = [0L];
        foreach (var dim in Enumerable.Range(0, Sizes.Length).Where(Moves))
            places = [.. places.SelectMany(place => Enumerable.Range(0, (int)Sizes[dim]), (place, i) => place + (i * Strides[dim]))];
        return places.Distinct().Count() < places.Count();
    }

    /// <summary>The places, as i64.</summary>
    public Value Indices(IrBuilder builder)
    {
        var type = new TensorType(DType.Int64, Shape.Create(Sizes));
        var sum = builder.Constant(type, Offset);
        foreach (var dim in Enumerable.Range(0, Sizes.Length).Where(Moves)) sum = builder.Add(sum, builder.Mul(builder.Iota(type, dim), Strides[dim]));
        return sum;
    }

    private bool Moves(int dim) => Sizes[dim] > 1 && Strides[dim] > 0;
}
