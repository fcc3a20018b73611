using LazyHost.IR;

namespace LazyHost.Operators;

public static partial class IrBuilderExtensions
{
    /// <summary>The sum over axes; no axes means all.</summary>
    public static Value Sum(this IrBuilder builder, Value x, ReadOnlySpan<long> axes = default, bool keepDims = false) =>
        builder.Emit(Operators.Sum.Form, [x], ReductionForm.Encode(axes, keepDims));

    /// <summary>The mean over axes; no axes means all.</summary>
    public static Value Mean(this IrBuilder builder, Value x, ReadOnlySpan<long> axes = default, bool keepDims = false) =>
        builder.Emit(Operators.Mean.Form, [x], ReductionForm.Encode(axes, keepDims));

    /// <summary>The greatest over axes; no axes means all.</summary>
    public static Value Max(this IrBuilder builder, Value x, ReadOnlySpan<long> axes = default, bool keepDims = false) =>
        builder.Emit(Operators.Max.Form, [x], ReductionForm.Encode(axes, keepDims));

    /// <summary>The least over axes; no axes means all.</summary>
    public static Value Min(this IrBuilder builder, Value x, ReadOnlySpan<long> axes = default, bool keepDims = false) =>
        builder.Emit(Operators.Min.Form, [x], ReductionForm.Encode(axes, keepDims));

    /// <summary>The variance over axes, divided by the count less <paramref name="correction"/>.</summary>
    public static Value Var(this IrBuilder builder, Value x, ReadOnlySpan<long> axes, long correction, bool keepDims = false) =>
        builder.Emit(Operators.Var.Form, [x], Operators.Var.Encode(axes, correction, keepDims));

    /// <summary>The matrix product by numpy's rules.</summary>
    public static Value MatMul(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.MatMul.Form, [a, b]);
}
