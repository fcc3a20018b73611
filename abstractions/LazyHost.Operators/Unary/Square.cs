using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>x * x.</summary>
public sealed class Square : UnaryForm
{
    private Square() : base("square") { }

    /// <summary>The form.</summary>
    public static Square Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value x, Attributes attributes) => builder.Prim(Primitives.Mul, x, x);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Mul(gradient, context.Builder.Mul(context.Operand(0), 2));
}
