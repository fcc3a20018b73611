using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>-x; unsigned integers wrap.</summary>
public sealed class Neg : UnaryForm
{
    private Neg() : base("neg") { }

    /// <summary>The form.</summary>
    public static Neg Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value x, Attributes attributes) => builder.Prim(Primitives.Neg, x);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Neg(gradient);

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;
}
