using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>-1, 0 or 1 by sign; NaN for NaN. The gradient is 0.</summary>
public sealed class Sign : UnaryForm
{
    private Sign() : base("sign") { }

    /// <summary>The form.</summary>
    public static Sign Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value x, Attributes attributes) => builder.Prim(Primitives.Sign, x);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Constant(context.OperandType(0), 0);

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;
}
