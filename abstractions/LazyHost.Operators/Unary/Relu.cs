using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>max(x, 0); NaN stays NaN. The gradient at 0 is 0.</summary>
public sealed class Relu : UnaryForm
{
    private Relu() : base("relu") { }

    /// <summary>The form.</summary>
    public static Relu Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value x, Attributes attributes) => builder.Prim(Primitives.Max, x, builder.Splat(x, 0));

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Where(context.Builder.Gt(context.Result(), 0), gradient, 0);

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;
}
