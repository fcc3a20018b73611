namespace LazyHost.Backends.Simd.Calls;

/// <summary>A packed tensor seen along one axis: element (o, i, n) lies at (o * Size + i) * Inner + n.</summary>
internal readonly record struct Axis(long Outer, long Size, long Inner)
{
    public static Axis Of(Shape shape, long axis)
    {
        long outer = 1, inner = 1;
        for (var i = 0; i < axis; i++) outer *= shape[i];
        for (var i = (int)axis + 1; i < shape.Rank; i++) inner *= shape[i];
        return new(outer, shape[(int)axis], inner);
    }
}
