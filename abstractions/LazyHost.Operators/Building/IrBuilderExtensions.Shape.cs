using LazyHost.IR;

namespace LazyHost.Operators;

public static partial class IrBuilderExtensions
{
    /// <summary>The value repeated to a shape.</summary>
    public static Value BroadcastTo(this IrBuilder builder, Value x, Shape shape) =>
        builder.ShapeOf(x).Equals(shape) ? x : builder.Emit(Operators.BroadcastTo.Form, [x], Operators.BroadcastTo.Encode(shape.Sizes));

    /// <summary>The reverse of broadcasting: the value summed over the dimensions along which a value of the given shape was repeated.</summary>
    public static Value SumTo(this IrBuilder builder, Value x, Shape shape)
    {
        var from = builder.ShapeOf(x);
        if (from.Equals(shape)) return x;
        var lead = from.Rank - shape.Rank;
        var axes = new List<long>();
        for (var i = 0; i < from.Rank; i++)
            if (i < lead || (shape[i - lead] == 1 && from[i] != 1)) axes.Add(i);
        var sum = axes.Count == 0 ? x : builder.Sum(x, axes.ToArray(), keepDims: lead == 0);
        return builder.Reshape(sum, shape);
    }

    /// <summary>The same elements, in row-major order, under other sizes.</summary>
    public static Value Reshape(this IrBuilder builder, Value x, Shape shape) =>
        builder.ShapeOf(x).Equals(shape) ? x : builder.Emit(Operators.Reshape.Form, [x], Operators.Reshape.Encode(shape.Sizes));

    /// <summary>Dimension i of the result is dimension order[i] of x.</summary>
    public static Value Permute(this IrBuilder builder, Value x, params ReadOnlySpan<long> order)
    {
        for (var i = 0; i < order.Length; i++)
            if (order[i] != i) return builder.Emit(Operators.Permute.Form, [x], Operators.Permute.Encode(order));
        return x;
    }

    /// <summary>Two dimensions exchanged.</summary>
    public static Value Transpose(this IrBuilder builder, Value x, long axis0 = -2, long axis1 = -1) =>
        builder.ShapeOf(x).Axis(axis0) == builder.ShapeOf(x).Axis(axis1) ? x : builder.Emit(Operators.Transpose.Form, [x],
            Operators.Transpose.Encode(axis0, axis1));

    /// <summary>A dimension of size 1 put in at each axis of the result.</summary>
    public static Value Unsqueeze(this IrBuilder builder, Value x, params ReadOnlySpan<long> axes) =>
        axes.IsEmpty ? x : builder.Emit(Operators.Unsqueeze.Form, [x], Operators.Unsqueeze.Encode(axes));

    /// <summary>Elements start, start + step, ... before end along one axis.</summary>
    public static Value Slice(this IrBuilder builder, Value x, long axis, long start, long end, long step = 1)
    {
        var size = builder.ShapeOf(x)[builder.ShapeOf(x).Axis(axis)];
        return start == 0 && end == size && step == 1 ? x : builder.Emit(Operators.Slice.Form, [x], Operators.Slice.Encode([axis], [start], [end], [step]));
    }

    /// <summary>Elements of a constant put before, after and between those of each dimension; negative counts at the edges remove.</summary>
    public static Value Pad(this IrBuilder builder, Value x, double value, ReadOnlySpan<long> low, ReadOnlySpan<long> high,
        ReadOnlySpan<long> interior = default)
    {
        if (!low.ContainsAnyExcept(0) && !high.ContainsAnyExcept(0) && !interior.ContainsAnyExcept(0)) return x;
        return builder.Emit(Operators.Pad.Form, [x, builder.Constant(builder.DTypeOf(x), value)], Operators.Pad.Encode(low, high, interior));
    }

    /// <summary>The order reversed along axes.</summary>
    public static Value Flip(this IrBuilder builder, Value x, params ReadOnlySpan<long> axes) =>
        axes.IsEmpty ? x : builder.Emit(Operators.Flip.Form, [x], Operators.Flip.Encode(axes));

    /// <summary>Values joined along an axis.</summary>
    public static Value Concat(this IrBuilder builder, ReadOnlySpan<Value> parts, long axis) =>
        parts.Length == 1 ? parts[0] : builder.Emit(Operators.Concat.Form, parts, Operators.Concat.Encode(axis));
}
