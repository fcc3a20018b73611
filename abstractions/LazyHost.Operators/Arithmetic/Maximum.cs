using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The greater of a and b; NaN if either is NaN. Equal elements share the gradient by halves.</summary>
public sealed class Maximum : ArithmeticForm
{
    private Maximum() : base("maximum") { }

    /// <summary>The form.</summary>
    public static Maximum Form { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => LazyHost.DTypes.All;

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value a, Value b) =>
        builder.Prim(builder.DTypeOf(a) == DType.Bool ? Primitives.Or : Primitives.Max, a, b);

    /// <inheritdoc/>
    protected override Value GradientOfFirst(GradientContext context, Value gradient) => Share(context, gradient, 0, 1);

    /// <inheritdoc/>
    protected override Value GradientOfSecond(GradientContext context, Value gradient) => Share(context, gradient, 1, 0);

    private static Value Share(GradientContext context, Value gradient, int mine, int other)
    {
        var builder = context.Builder;
        var (x, y) = (context.Operand(mine), context.Operand(other));
        var shared = builder.Where(builder.Eq(x, y), builder.Mul(gradient, 0.5), gradient);
        return builder.Where(builder.Lt(x, y), builder.Constant(builder.DTypeOf(shared), 0), shared);
    }
}
