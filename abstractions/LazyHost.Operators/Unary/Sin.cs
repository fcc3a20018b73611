using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The sine of an angle in radians; NaN for infinities. Integers and bool give f32.</summary>
public sealed class Sin : FloatUnaryForm
{
    private Sin() : base("sin", Primitives.Sin) { }

    /// <summary>The form.</summary>
    public static Sin Form { get; } = new();

    /// <inheritdoc/>
    protected override (double Low, double High) SampleRange => (-10, 10);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Mul(gradient, context.Builder.Cos(context.Operand(0)));

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(2);
}
