using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>1 / x; infinite for 0. Integers and bool give f32.</summary>
public sealed class Reciprocal : CompositeUnaryForm
{
    private Reciprocal() : base("reciprocal") { }

    /// <summary>The form.</summary>
    public static Reciprocal Form { get; } = new();

    /// <inheritdoc/>
    protected override (double Low, double High) SampleRange => (0.5, 4);

    /// <inheritdoc/>
    protected override Value Compute(IrBuilder builder, Value x, Attributes attributes) => builder.Prim(Primitives.Div, builder.Splat(x, 1), x);

    /// <inheritdoc/>
    protected override Value Derivative(IrBuilder builder, Value x, Attributes attributes) => builder.Neg(builder.Square(builder.Reciprocal(x)));
}
