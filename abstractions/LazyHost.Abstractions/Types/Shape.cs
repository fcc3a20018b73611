using System.Collections;
using System.Runtime.CompilerServices;

namespace LazyHost;

/// <summary>The sizes of a tensor's dimensions, outermost first. Immutable; equal by sizes and symbols.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public sealed class Shape : IEquatable<Shape>, IReadOnlyList<long>
{
    /// <summary>The shape without dimensions: one element.</summary>
    public static Shape Scalar { get; } = new([], null);

    private const long MaxElements = 1L << 56;

    private readonly long[] sizes;
    private readonly int[]? symbols;

    private Shape(long[] sizes, int[]? symbols)
    {
        long count = 1;
        foreach (var size in sizes)
        {
            if (size < 0) throw new ShapeMismatchException($"a dimension cannot be negative, but the shape is [{string.Join(", ", sizes)}]");
            // So that bytes, and sums of them, stay numbers of 64 bits.
            if (size != 0 && count > MaxElements / size) throw new ShapeMismatchException($"the shape [{string.Join(", ", sizes)}] has more than 2^56 elements");
            count *= size;
        }
        this.sizes = sizes;
        this.symbols = symbols;
        ElementCount = count;
    }

    /// <summary>A shape of fixed sizes.</summary>
    /// <exception cref="ShapeMismatchException">A size is negative, or there are too many elements.</exception>
    public static Shape Create(ReadOnlySpan<long> sizes) => sizes.IsEmpty ? Scalar : new(sizes.ToArray(), null);

    /// <summary>A shape whose dimensions may be symbols.</summary>
    /// <exception cref="ShapeMismatchException">A size is negative, or there are too many elements.</exception>
    public static Shape Create(ReadOnlySpan<Dim> dims)
    {
        var sizes = new long[dims.Length];
        int[]? symbols = null;
        for (var i = 0; i < dims.Length; i++)
        {
            sizes[i] = dims[i].Size;
            if (dims[i].IsSymbolic) (symbols ??= new int[dims.Length])[i] = dims[i].Symbol;
        }
        return new(sizes, symbols);
    }

    /// <summary>The number of dimensions.</summary>
    public int Rank => sizes.Length;

    /// <summary>The number of elements: the product of the sizes, 1 for a scalar.</summary>
    public long ElementCount { get; }

    /// <summary>The sizes, outermost first.</summary>
    public ReadOnlySpan<long> Sizes => sizes;

    /// <summary>True when a dimension is a symbol.</summary>
    public bool IsSymbolic => symbols is not null;

    /// <summary>The size of dimension <paramref name="axis"/>, counted from 0.</summary>
    public long this[int axis] => sizes[axis];

    int IReadOnlyCollection<long>.Count => sizes.Length;

    /// <summary>The dimension <paramref name="axis"/> with its symbol.</summary>
    public Dim Dim(int axis) => new(sizes[axis], symbols?[axis] ?? 0);

    /// <summary>Turns an axis counted from the end (negative) into one counted from the start.</summary>
    /// <exception cref="AxisOutOfRangeException">The axis is not in -rank .. rank-1.</exception>
    public int Axis(long axis)
    {
        if (axis < -Rank || axis >= Rank) throw new AxisOutOfRangeException(axis, this);
        return (int)(axis < 0 ? axis + Rank : axis);
    }

    /// <summary>The strides of a row-major layout, in elements.</summary>
    public long[] RowMajorStrides()
    {
        var strides = new long[Rank];
        long stride = 1;
        for (var i = Rank - 1; i >= 0; i--) { strides[i] = stride; stride *= sizes[i]; }
        return strides;
    }

    /// <summary>The shape two operands broadcast to: aligned at the last dimension, sizes equal or one of them 1.</summary>
    /// <exception cref="ShapeMismatchException">The shapes do not broadcast.</exception>
    public static Shape Broadcast(Shape a, Shape b)
    {
        if (a.Equals(b)) return a;
        var rank = Math.Max(a.Rank, b.Rank);
        var dims = new Dim[rank];
        for (var i = 0; i < rank; i++)
        {
            Dim x = i < rank - a.Rank ? 1 : a.Dim(i - rank + a.Rank), y = i < rank - b.Rank ? 1 : b.Dim(i - rank + b.Rank);
            dims[i] = x == y || y == new Dim(1) ? x : x == new Dim(1) ? y
                : throw new ShapeMismatchException($"shapes {a} and {b} do not broadcast: dimension {i - rank} is {x} in one and {y} in the other; sizes must be equal or one of them 1");
        }
        return Create(dims);
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) =>
        ReferenceEquals(this, other) || (other is not null && sizes.AsSpan().SequenceEqual(other.sizes) &&
            (symbols is null ? other.symbols is null : other.symbols is not null && symbols.AsSpan().SequenceEqual(other.symbols)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var size in sizes) hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>Text such as <c>[2, 3]</c>.</summary>
    public override string ToString() => "[" + string.Join(", ", Enumerable.Range(0, Rank).Select(i => Dim(i).ToString())) + "]";

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)sizes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
