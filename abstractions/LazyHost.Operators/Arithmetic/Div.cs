using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>a / b: true division, integers and bool give f32. x / 0 is infinite, 0 / 0 NaN.</summary>
public sealed class Div : ArithmeticForm
{
    private Div() : base("div") { }

    /// <summary>The form.</summary>
    public static Div Form { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => LazyHost.DTypes.All;

    /// <inheritdoc/>
    protected override DType CommonType(DType a, DType b) => Rules.ToFloat(LazyHost.DTypes.Promote(a, b));

    /// <inheritdoc/>
    protected override (double Low, double High) SecondRange => (0.5, 4);

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value a, Value b) => builder.Prim(Primitives.Div, a, b);

    /// <inheritdoc/>
    protected override Value GradientOfFirst(GradientContext context, Value gradient) => context.Builder.Div(gradient, context.Operand(1));

    /// <inheritdoc/>
    protected override Value GradientOfSecond(GradientContext context, Value gradient) =>
        context.Builder.Neg(context.Builder.Div(context.Builder.Mul(gradient, context.Result()), context.Operand(1)));
}
