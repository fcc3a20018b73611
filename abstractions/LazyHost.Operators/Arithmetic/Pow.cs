using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// a ^ b; integers by squaring, a negative exponent giving 0 unless a is 1 or -1. 0 ^ 0 is 1; a negative base with a fractional exponent is NaN.
/// </summary>
public sealed class Pow : ArithmeticForm
{
    private Pow() : base("pow") { }

    /// <summary>The form.</summary>
    public static Pow Form { get; } = new();

    /// <inheritdoc/>
    protected override (double Low, double High) FirstRange => (0.2, 3);

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(4);

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value a, Value b) => builder.Prim(Primitives.Pow, a, b);

    /// <inheritdoc/>
    protected override Value GradientOfFirst(GradientContext context, Value gradient)
    {
        var builder = context.Builder;
        var b = context.Operand(1);
        var slope = builder.Mul(builder.Mul(gradient, b), builder.Pow(context.Operand(0), builder.Sub(b, 1)));
        return builder.Where(builder.Eq(b, 0), builder.Constant(builder.DTypeOf(slope), 0), slope);
    }

    /// <inheritdoc/>
    protected override Value GradientOfSecond(GradientContext context, Value gradient)
    {
        var builder = context.Builder;
        var (a, b) = (context.Operand(0), context.Operand(1));
        var slope = builder.Mul(gradient, builder.Mul(context.Result(), builder.Log(a)));
        var isFlat = builder.LogicalAnd(builder.Eq(a, 0), builder.Ge(b, 0));
        return builder.Where(isFlat, builder.Constant(builder.DTypeOf(slope), 0), slope);
    }
}
