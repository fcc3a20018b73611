using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>a - b; integers wrap.</summary>
public sealed class Sub : ArithmeticForm
{
    private Sub() : base("sub") { }

    /// <summary>The form.</summary>
    public static Sub Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value a, Value b) => builder.Prim(Primitives.Sub, a, b);

    /// <inheritdoc/>
    protected override Value GradientOfFirst(GradientContext context, Value gradient) => gradient;

    /// <inheritdoc/>
    protected override Value GradientOfSecond(GradientContext context, Value gradient) => context.Builder.Neg(gradient);
}
