using System.Runtime.InteropServices;

namespace LazyHost.Operators;

/// <summary>Checks that type rules share, and lists of element types.</summary>
internal static class Rules
{
    public static readonly DType[] All = [.. DTypes.All];
    public static readonly DType[] Floats = [.. All.Where(t => t.IsFloat())];
    public static readonly DType[] Integers = [.. All.Where(t => t.IsInteger())];
    public static readonly DType[] Numbers = [.. All.Where(t => t != DType.Bool)];
    public static readonly DType[] Bits = [.. All.Where(t => !t.IsFloat())];

    public static void RequireDType(DType type, IReadOnlyList<DType> allowed)
    {
        if (allowed is DType[] list ? MemoryMarshal.Cast<DType, byte>(list.AsSpan()).Contains((byte)type) : allowed.Contains(type)) return;
        throw new DTypeMismatchException($"cannot take elements of type {type.Name()}; it takes {string.Join(", ", allowed.Select(t => t.Name()))}");
    }

    public static void RequireSame(TensorType expected, TensorType actual)
    {
        if (expected.DType != actual.DType) throw new DTypeMismatchException($"operands have types {expected} and {actual}; element types must be equal");
        if (!expected.Shape.Equals(actual.Shape)) throw new ShapeMismatchException($"operands have types {expected} and {actual}; shapes must be equal");
    }

    public static void RequireShape(bool condition, string message)
    {
        if (!condition) throw new ShapeMismatchException(message);
    }

    public static void RequireAttribute(bool condition, string message)
    {
        if (!condition) throw new InvalidAttributeException(message);
    }

    /// <summary>Checks that axes are in range (from 0) and none comes twice.</summary>
    public static void RequireAxes(ReadOnlySpan<long> axes, Shape shape)
    {
        for (var i = 0; i < axes.Length; i++)
        {
            if (axes[i] < 0 || axes[i] >= shape.Rank) throw new AxisOutOfRangeException(axes[i], shape);
            if (axes[..i].Contains(axes[i])) throw new InvalidAttributeException($"axis {axes[i]} is named twice in [{string.Join(", ", axes.ToArray())}]");
        }
    }

    /// <summary>The shape without some axes.</summary>
    public static Shape Without(Shape shape, ReadOnlySpan<long> axes)
    {
        var dims = new List<Dim>();
        for (var i = 0; i < shape.Rank; i++)
            if (!axes.Contains(i)) dims.Add(shape.Dim(i));
        return Shape.Create(dims.ToArray());
    }

    public static void RequireIndex(DType type) => RequireDType(type, Indices);

    public static readonly DType[] Indices = [DType.Int32, DType.Int64];

    /// <summary>The number of places a window of <paramref name="window"/> elements, <paramref name="dilation"/> apart, has on a padded dimension.</summary>
    public static long WindowPlaces(long size, long low, long high, long window, long dilation, long stride)
    {
        var span = ((window - 1) * dilation) + 1;
        var padded = size + low + high;
        return padded < span ? 0 : ((padded - span) / stride) + 1;
    }

    /// <summary>The type itself, or f32 for integers and bool: what a function with fractional results gives.</summary>
    public static DType ToFloat(DType type) => type.IsFloat() ? type : DType.Float32;

    /// <summary>Axes counted from 0, in rising order; all of them where none is named.</summary>
    public static long[] Axes(ReadOnlySpan<long> axes, Shape shape)
    {
        var result = new long[axes.IsEmpty ? shape.Rank : axes.Length];
        for (var i = 0; i < result.Length; i++) result[i] = axes.IsEmpty ? i : shape.Axis(axes[i]);
        Array.Sort(result);
        for (var i = 1; i < result.Length; i++)
            RequireAttribute(result[i] != result[i - 1], $"axis {result[i]} of {shape} is named twice in [{string.Join(", ", axes.ToArray())}]");
        return result;
    }

    /// <summary>The shape with size 1 in place of some axes.</summary>
    public static Shape WithOnes(Shape shape, ReadOnlySpan<long> axes)
    {
        var dims = Dims(shape);
        foreach (var axis in axes) dims[axis] = 1;
        return Shape.Create(dims);
    }

    /// <summary>The dimensions with their symbols.</summary>
    public static Dim[] Dims(Shape shape)
    {
        var dims = new Dim[shape.Rank];
        for (var i = 0; i < dims.Length; i++) dims[i] = shape.Dim(i);
        return dims;
    }

    /// <summary>The number of elements along some axes together.</summary>
    public static long Count(Shape shape, ReadOnlySpan<long> axes)
    {
        long count = 1;
        foreach (var axis in axes) count *= shape[(int)axis];
        return count;
    }
}
