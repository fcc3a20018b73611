using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>a * b; integers wrap; bool is "and".</summary>
public sealed class Mul : ArithmeticForm
{
    private Mul() : base("mul") { }

    /// <summary>The form.</summary>
    public static Mul Form { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => LazyHost.DTypes.All;

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value a, Value b) =>
        builder.Prim(builder.DTypeOf(a) == DType.Bool ? Primitives.And : Primitives.Mul, a, b);

    /// <inheritdoc/>
    protected override Value GradientOfFirst(GradientContext context, Value gradient) => context.Builder.Mul(gradient, context.Operand(1));

    /// <inheritdoc/>
    protected override Value GradientOfSecond(GradientContext context, Value gradient) => context.Builder.Mul(gradient, context.Operand(0));
}
