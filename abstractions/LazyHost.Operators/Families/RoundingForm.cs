using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The base of functions that round to whole numbers: integers stay as they are, the gradient is 0.</summary>
public abstract class RoundingForm(string name, Primitive primitive) : UnaryForm(name)
{
    /// <inheritdoc/>
    protected sealed override (double Low, double High) SampleRange => (-10, 10);

    /// <inheritdoc/>
    protected sealed override Value Formula(IrBuilder builder, Value x, Attributes attributes) =>
        builder.DTypeOf(x).IsFloat() ? builder.Prim(primitive, x) : x;

    /// <inheritdoc/>
    protected sealed override Value Gradient(GradientContext context, Value gradient) => context.Builder.Constant(context.OperandType(0), 0);

    /// <inheritdoc/>
    public sealed override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;
}
