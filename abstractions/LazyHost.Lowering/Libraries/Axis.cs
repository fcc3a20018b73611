namespace LazyHost.Lowering.Libraries;

/// <summary>A packed tensor seen along one axis: element (o, i, n) lies at (o * Size + i) * Inner + n.</summary>
/// <param name="Outer">The elements of all dimensions before the axis together.</param>
/// <param name="Size">The size of the axis.</param>
/// <param name="Inner">The elements of all dimensions after the axis together: how far apart neighbours along it lie.</param>
public readonly record struct Axis(long Outer, long Size, long Inner)
{
    /// <summary>The number of lines along the axis.</summary>
    public long Lines => Outer * Inner;

    /// <summary>The number of elements.</summary>
    public long Count => Outer * Size * Inner;

    /// <summary>A shape seen along one of its dimensions, counted from 0.</summary>
    public static Axis Of(Shape shape, long axis)
    {
        long outer = 1, inner = 1;
        for (var i = 0; i < axis; i++) outer *= shape[i];
        for (var i = (int)axis + 1; i < shape.Rank; i++) inner *= shape[i];
        return new(outer, shape[(int)axis], inner);
    }
}
