using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>a - floor(a / b) * b: the remainder with the sign of b. A floating-point remainder by 0 is NaN, an integer one is a.</summary>
public sealed class Remainder : ArithmeticForm
{
    private Remainder() : base("remainder") { }

    /// <summary>The form.</summary>
    public static Remainder Form { get; } = new();

    /// <inheritdoc/>
    protected override (double Low, double High) FirstRange => (-9, 9);

    /// <inheritdoc/>
    protected override (double Low, double High) SecondRange => (1, 4);

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value a, Value b)
    {
        var type = builder.DTypeOf(a);
        var remainder = builder.Prim(Primitives.Rem, a, b);
        if (!type.IsSigned()) return remainder;
        var zero = builder.Splat(a, 0);
        var signsDiffer = builder.Prim(Primitives.Ne, builder.Prim(Primitives.Lt, remainder, zero), builder.Prim(Primitives.Lt, b, zero));
        var moved = builder.Prim(Primitives.And, builder.Prim(Primitives.Ne, remainder, zero), signsDiffer);
        return builder.PrimSelect(moved, builder.Prim(Primitives.Add, remainder, b), remainder);
    }

    /// <inheritdoc/>
    protected override Value GradientOfFirst(GradientContext context, Value gradient) => gradient;

    /// <inheritdoc/>
    protected override Value GradientOfSecond(GradientContext context, Value gradient) =>
        context.Builder.Neg(context.Builder.Mul(gradient, context.Builder.Floor(context.Builder.Div(context.Operand(0), context.Operand(1)))));
}
