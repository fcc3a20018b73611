using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>1 / (1 + e^-x). Integers and bool give f32.</summary>
public sealed class Sigmoid : CompositeUnaryForm
{
    private Sigmoid() : base("sigmoid") { }

    /// <summary>The form.</summary>
    public static Sigmoid Form { get; } = new();

    /// <inheritdoc/>
    protected override (double Low, double High) SampleRange => (-6, 6);

    /// <inheritdoc/>
    protected override Value Compute(IrBuilder builder, Value x, Attributes attributes) =>
        builder.Reciprocal(builder.Add(builder.Exp(builder.Neg(x)), 1));

    /// <inheritdoc/>
    protected override Value Derivative(IrBuilder builder, Value x, Attributes attributes)
    {
        var y = builder.Sigmoid(x);
        return builder.Mul(y, builder.Sub(builder.Constant(builder.DTypeOf(y), 1), y));
    }
}
