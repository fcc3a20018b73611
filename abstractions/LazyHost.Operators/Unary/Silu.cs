using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>x * sigmoid(x), also called swish. Integers and bool give f32.</summary>
public sealed class Silu : CompositeUnaryForm
{
    private Silu() : base("silu") { }

    /// <summary>The form.</summary>
    public static Silu Form { get; } = new();

    /// <inheritdoc/>
    protected override (double Low, double High) SampleRange => (-6, 6);

    /// <inheritdoc/>
    protected override Value Compute(IrBuilder builder, Value x, Attributes attributes) => builder.Mul(x, builder.Sigmoid(x));

    /// <inheritdoc/>
    protected override Value Derivative(IrBuilder builder, Value x, Attributes attributes)
    {
        var y = builder.Sigmoid(x);
        return builder.Mul(y, builder.Add(builder.Mul(x, builder.Sub(builder.Constant(builder.DTypeOf(y), 1), y)), 1));
    }
}
