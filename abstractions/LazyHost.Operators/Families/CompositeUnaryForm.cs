using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The base of element-wise functions with fractional results that are a formula: integers and bool give f32; f16 and bf16 are computed in f32.
/// </summary>
public abstract class CompositeUnaryForm(string name, params AttributeSpec[] attributes) : UnaryForm(name, attributes)
{
    /// <inheritdoc/>
    public sealed override IReadOnlyList<DType> DTypes => LazyHost.DTypes.All;

    /// <inheritdoc/>
    protected sealed override DType ResultType(DType type) => Rules.ToFloat(type);

    /// <summary>The function, of an f32 or f64 value.</summary>
    protected abstract Value Compute(IrBuilder builder, Value x, Attributes attributes);

    /// <summary>The derivative at x, an f32 or f64 value.</summary>
    protected abstract Value Derivative(IrBuilder builder, Value x, Attributes attributes);

    /// <inheritdoc/>
    protected sealed override Value Formula(IrBuilder builder, Value x, Attributes attributes) =>
        builder.PrimCast(Compute(builder, builder.PrimCast(x, builder.DTypeOf(x).ComputeType()), attributes), builder.DTypeOf(x));

    /// <inheritdoc/>
    protected sealed override Value Gradient(GradientContext context, Value gradient) =>
        context.Builder.Mul(context.Builder.Widen(gradient), Derivative(context.Builder, context.Builder.Widen(context.Operand(0)), context.Attributes));

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(2);
}
