using System.Runtime.CompilerServices;

namespace LazyHost;

// Like the other operations of shapes, these give views: a write to one is seen by this tensor, and the other way round.
public partial class Tensor
{
    /// <summary>The same elements under other sizes; one may be -1 and is worked out.</summary>
    public Tensor View(ReadOnlySpan<long> sizes, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        View(Operators.Reshape.Form, Operators.Reshape.Encode(sizes), file, line);

    /// <summary>The same elements under the sizes of another tensor.</summary>
    public Tensor ViewAs(Tensor other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => View(Checked(other).Shape.Sizes, file, line);

    /// <summary>The same elements, a range of axes made one; of a scalar, one axis of size 1.</summary>
    public Tensor Flatten(long from = 0, long to = -1, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        if (Shape.Rank == 0) return View([1], file, line);
        var (first, last) = (Shape.Axis(from), Shape.Axis(to));
        if (first > last) throw new InvalidAttributeException($"cannot flatten axes {from} to {to} of {Shape}: the first lies behind the last").At("flatten", Site(file, line));
        long count = 1;
        for (var i = first; i <= last; i++) count *= Shape[i];
        return View([.. Shape.Sizes[..first], count, .. Shape.Sizes[(last + 1)..]], file, line);
    }

    /// <summary>Repeated along dimensions of size 1, and along new ones in front; -1 keeps a size.</summary>
    public Tensor Expand(ReadOnlySpan<long> sizes, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        var whole = sizes.ToArray();
        for (var (i, own) = (whole.Length - 1, Shape.Rank - 1); own >= 0 && i >= 0; i--, own--)
            if (whole[i] == -1) whole[i] = Shape[own];
        return View(Operators.BroadcastTo.Form, Operators.BroadcastTo.Encode(whole), file, line);
    }

    /// <summary>Repeated to the shape of another tensor.</summary>
    public Tensor ExpandAs(Tensor other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => BroadcastTo(Checked(other).Shape, file, line);

    /// <summary>The elements at one place along an axis, which is taken away; a negative place counts from the end.</summary>
    /// <exception cref="InvalidAttributeException">The place is outside the axis.</exception>
    public Tensor Select(long axis, long index, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        var size = Shape[Shape.Axis(axis)];
        if (index < -size || index >= size) throw new InvalidAttributeException($"index {index} is outside axis {axis} of {Shape}, which has {size} elements").At("select", Site(file, line));
        var start = index < 0 ? index + size : index;
        return Slice(axis, start, start + 1, 1, file, line).View(Operators.Squeeze.Form, Operators.Squeeze.Encode(axis), file, line);
    }

    /// <summary>Some elements along an axis, one after the other; a negative start counts from the end.</summary>
    /// <exception cref="InvalidAttributeException">The elements are not within the axis.</exception>
    public Tensor Narrow(long axis, long start, long length, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        var size = Shape[Shape.Axis(axis)];
        var first = start < 0 ? start + size : start;
        if (first < 0 || length < 0 || first > size - length)
            throw new InvalidAttributeException($"{length} elements from {start} are not within axis {axis} of {Shape}, which has {size}").At("narrow", Site(file, line));
        return Slice(axis, first, first + length, 1, file, line);
    }

    /// <summary>Pieces of one size along an axis, the last of which may be smaller; of an axis without elements, one piece.</summary>
    /// <exception cref="InvalidAttributeException">The size is not positive.</exception>
    public Tensor[] Split(long size, long axis = 0, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        if (size <= 0) throw new InvalidAttributeException($"pieces of {size} elements; the size must be positive").At("split", Site(file, line));
        var whole = Shape[Shape.Axis(axis)];
        var sizes = new long[Math.Max(1, ((whole - 1) / size) + 1)];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = Math.Min(size, whole - (i * size));
        return Split(sizes, axis, file, line);
    }

    /// <summary>Pieces of given sizes along an axis.</summary>
    /// <exception cref="InvalidAttributeException">A size is negative, or together they are not that of the axis.</exception>
    public Tensor[] Split(ReadOnlySpan<long> sizes, long axis = 0, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        var whole = Shape[Shape.Axis(axis)];
        var (rest, fit) = (whole, true);
        foreach (var size in sizes)
        {
            fit &= size >= 0 && size <= rest;
            rest -= size;
        }
        if (!fit || rest != 0) throw new InvalidAttributeException($"pieces of [{string.Join(", ", sizes.ToArray())}] elements do not make axis {axis} of {Shape}, which has {whole}").At("split", Site(file, line));
        var pieces = new Tensor[sizes.Length];
        long start = 0;
        for (var i = 0; i < pieces.Length; i++, start += sizes[i - 1]) pieces[i] = Slice(axis, start, start + sizes[i], 1, file, line);
        return pieces;
    }

    /// <summary>The elements at each place along an axis, which is taken away.</summary>
    public Tensor[] Unbind(long axis = 0, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        var pieces = new Tensor[Shape[Shape.Axis(axis)]];
        for (var i = 0; i < pieces.Length; i++) pieces[i] = Select(axis, i, file, line);
        return pieces;
    }

    /// <summary>A diagonal of the matrices that two axes span, as the last dimension: that above the main one for a positive offset, below it for a negative one.</summary>
    public Tensor Diagonal(long offset = 0, long axis0 = 0, long axis1 = 1, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        View(Operators.Diagonal.Form, Operators.Diagonal.Encode(offset, axis0, axis1), file, line);

    /// <summary>Element [i, j, ...] is element offset + i * strides[0] + j * strides[1] + ... of this tensor in row-major order, whatever it is a view of. Elements
    /// may come several times; then it cannot be written to.</summary>
    /// <exception cref="InvalidAttributeException">An element would be outside this tensor, or a stride is negative.</exception>
    public Tensor AsStrided(ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides, long offset = 0, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        View(Operators.AsStrided.Form, Operators.AsStrided.Encode(sizes, strides, offset), file, line);

    /// <summary>A copy, which later writes to this tensor do not change. Gradients flow through it.</summary>
    public Tensor Clone([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Reshape.Form, [this], Operators.Reshape.Encode(Shape.Sizes), file, line);

    /// <summary><see cref="Assign"/> from a tensor on any device.</summary>
    /// <exception cref="ShapeMismatchException">The source does not broadcast to this shape.</exception>
    public Tensor CopyFrom(Tensor source, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Assign(Checked(source).To(Device), file, line);

    private static Tensor Checked(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other;
    }

    private static CallSite? Site(string? file, int line) => file is null ? null : new(file, line);
}
