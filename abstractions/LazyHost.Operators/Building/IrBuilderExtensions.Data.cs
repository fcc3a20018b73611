using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The vocabulary in which gradients and decompositions are written: one method an operator, by the operator's own broadcasting and type rules.
/// Nodes that would do nothing (a cast to the same type, a broadcast to the same shape) are left out and the value itself is returned.
/// </summary>
public static partial class IrBuilderExtensions
{
    /// <summary>A constant of a type, one value for all elements: for numbers that operator and gradient code writes, not for a user's.</summary>
    public static Value Constant(this IrBuilder builder, TensorType type, double value) =>
        builder.Emit(Primitives.Constant, [], Attributes.Of(type.DType, type.Shape, new[] { ScalarBits.Of(type.DType, value) }));

    /// <summary>A constant without dimensions.</summary>
    public static Value Constant(this IrBuilder builder, DType type, double value) => builder.Constant(new TensorType(type, []), value);

    /// <summary>A constant of the type and shape of another value.</summary>
    public static Value ConstantLike(this IrBuilder builder, Value like, double value) => builder.Constant(builder.TypeOf(like), value);

    /// <summary>The index along an axis, counted from 0.</summary>
    public static Value Iota(this IrBuilder builder, TensorType type, int axis) =>
        builder.Emit(Operators.Iota.Form, [], Operators.Iota.Encode(type.DType, type.Shape.Sizes, axis));

    /// <summary>The value converted to an element type.</summary>
    public static Value CastTo(this IrBuilder builder, Value x, DType type) =>
        builder.DTypeOf(x) == type ? x : builder.Emit(Cast.Form, [x], Cast.Encode(type));

    /// <summary>The value converted to the type in which it is computed: f32 for f16 and bf16.</summary>
    public static Value Widen(this IrBuilder builder, Value x) => builder.CastTo(x, builder.DTypeOf(x).ComputeType());
}
