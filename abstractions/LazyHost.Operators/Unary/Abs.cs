using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>|x|; the least signed integer stays itself.</summary>
public sealed class Abs : UnaryForm
{
    private Abs() : base("abs") { }

    /// <summary>The form.</summary>
    public static Abs Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value x, Attributes attributes) => builder.Prim(Primitives.Abs, x);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Mul(gradient, context.Builder.Sign(context.Operand(0)));

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;
}
