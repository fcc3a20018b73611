using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Elements start, start + step, ... before end along axes. Attributes axes, starts, ends, steps, one each per sliced axis; steps are positive; negative
/// starts and ends count from the end of the axis, and both are cut to it, as in Python.
/// </summary>
public sealed class Slice : ShapeForm
{
    private Slice() : base("slice", 
        new("axes", AttributeKind.Ints), new("starts", AttributeKind.Ints), new("ends", AttributeKind.Ints), new("steps", AttributeKind.Ints)) { }

    /// <summary>The form.</summary>
    public static Slice Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(ReadOnlySpan<long> axes, ReadOnlySpan<long> starts, ReadOnlySpan<long> ends, ReadOnlySpan<long> steps) =>
        IR.Attributes.Of(axes.ToArray(), starts.ToArray(), ends.ToArray(), steps.ToArray());

    /// <inheritdoc/>
    protected override Shape ResultShape(Shape shape, Attributes attributes)
    {
        var (starts, limits, steps) = Bounds(shape, attributes);
        var dims = Rules.Dims(shape);
        for (var i = 0; i < dims.Length; i++)
            if (limits[i] - starts[i] != shape[i] || steps[i] != 1) dims[i] = (limits[i] - starts[i] + steps[i] - 1) / steps[i];
        return LazyHost.Shape.Create(dims);
    }

    /// <inheritdoc/>
    protected override Value Move(IrBuilder builder, Value x, Shape to, Attributes attributes)
    {
        var (starts, limits, steps) = Bounds(builder.ShapeOf(x), attributes);
        return builder.Emit(Primitives.Slice, [x], IR.Attributes.Of(starts, limits, steps));
    }

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient)
    {
        var (shape, taken) = (context.OperandType(0).Shape, context.ResultType().Shape);
        if (taken.ElementCount == 0) return context.Builder.Constant(context.OperandType(0), 0);
        var (low, high, interior) = Rest(shape, taken, context.Attributes);
        return context.Builder.Pad(gradient, 0, low, high, interior);
    }

    /// <inheritdoc/>
    public override Value? WriteThrough(IrBuilder builder, Value viewed, Value written, Attributes attributes) =>
        builder.Emit(SliceScatter.Form, [viewed, written], attributes);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [0, 3])], Encode([1], [1], [2], [1]));
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [4, 3])], Encode([0], [3], [1], [1]));
        yield return new(ShapeClass.SizeOne, [SampleSets.Input(type, [1, 4])], Encode([1], [-1], [9], [1]));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [5, 7, 3])], Encode([0, -2], [1, -6], [-1, 7], [1, 2]));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025])], Encode([1], [1], [1025], [3]));
    }

    /// <summary>The elements that are not taken, counted as padding counts them: before, after and between those that are.</summary>
    internal (long[] Low, long[] High, long[] Interior) Rest(Shape shape, Shape taken, Attributes attributes)
    {
        var (starts, _, steps) = Bounds(shape, attributes);
        var (high, interior) = (new long[shape.Rank], new long[shape.Rank]);
        for (var i = 0; i < shape.Rank; i++)
        {
            interior[i] = taken[i] > 1 ? steps[i] - 1 : 0;
            high[i] = shape[i] - starts[i] - ((taken[i] - 1) * steps[i]) - 1;
        }
        return (starts, high, interior);
    }

    private (long[] Starts, long[] Limits, long[] Steps) Bounds(Shape shape, Attributes attributes)
    {
        var axes = attributes.Ints(Attributes, 0);
        var starts = attributes.Ints(Attributes, 1);
        var ends = attributes.Ints(Attributes, 2);
        var steps = attributes.Ints(Attributes, 3);
        Rules.RequireAttribute(starts.Length == axes.Length && ends.Length == axes.Length && steps.Length == axes.Length,
            $"{axes.Length} axes are given {starts.Length} starts, {ends.Length} ends and {steps.Length} steps; give one each per axis");
        var (first, limit, step) = (new long[shape.Rank], shape.Sizes.ToArray(), new long[shape.Rank]);
        Array.Fill(step, 1);
        var seen = new bool[shape.Rank];
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = shape.Axis(axes[i]);
            Rules.RequireAttribute(!seen[axis], $"axis {axes[i]} of {shape} is sliced twice");
            Rules.RequireAttribute(steps[i] > 0, $"step {steps[i]} of axis {axes[i]} must be positive; use flip to go backwards");
            seen[axis] = true;
            first[axis] = Cut(starts[i], shape[axis]);
            limit[axis] = Math.Max(first[axis], Cut(ends[i], shape[axis]));
            step[axis] = steps[i];
        }
        return (first, limit, step);
    }

    private static long Cut(long position, long size) => Math.Clamp(position < 0 ? position + size : position, 0, size);
}
