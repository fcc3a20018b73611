using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>Short words for primitives inside decompositions. Nodes that would do nothing are left out.</summary>
internal static class PrimitiveEmission
{
    public static Value Prim(this IrBuilder builder, Primitive primitive, Value x) => builder.Emit(primitive, [x]);

    public static Value Prim(this IrBuilder builder, Primitive primitive, Value x, Value y) => builder.Emit(primitive, [x, y]);

    /// <summary>Conversion of the element type.</summary>
    public static Value PrimCast(this IrBuilder builder, Value x, DType type) =>
        builder.DTypeOf(x) == type ? x : builder.Emit(Primitives.Cast, [x], Attributes.Of(type));

    /// <summary>Numpy broadcasting to a shape.</summary>
    public static Value PrimBroadcast(this IrBuilder builder, Value x, Shape shape)
    {
        var from = builder.ShapeOf(x);
        if (from.Equals(shape)) return x;
        var dims = new long[from.Rank];
        for (var i = 0; i < dims.Length; i++) dims[i] = i + shape.Rank - from.Rank;
        return builder.Emit(Primitives.Broadcast, [x], Attributes.Of(shape, dims));
    }

    /// <summary>The same elements under other sizes.</summary>
    public static Value PrimReshape(this IrBuilder builder, Value x, Shape shape) =>
        builder.ShapeOf(x).Equals(shape) ? x : builder.Emit(Primitives.Reshape, [x], Attributes.Of(shape));

    /// <summary>A reduction whose axes disappear.</summary>
    public static Value PrimReduce(this IrBuilder builder, Primitive primitive, Value x, long[] axes) =>
        axes.Length == 0 ? x : builder.Emit(primitive, [x], Attributes.Of(axes));

    /// <summary>A constant of the value's type.</summary>
    public static Value Splat(this IrBuilder builder, Value like, double value) => builder.Constant(builder.TypeOf(like), value);

    /// <summary>The second where the condition is true, else the third; all of one shape.</summary>
    public static Value PrimSelect(this IrBuilder builder, Value condition, Value then, Value otherwise) =>
        builder.Emit(Primitives.Select, [condition, then, otherwise]);

    /// <summary>True where the value is not 0 (NaN is not).</summary>
    public static Value IsTrue(this IrBuilder builder, Value x) => builder.PrimCast(x, DType.Bool);
}
