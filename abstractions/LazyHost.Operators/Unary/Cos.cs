using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The cosine of an angle in radians; NaN for infinities. Integers and bool give f32.</summary>
public sealed class Cos : FloatUnaryForm
{
    private Cos() : base("cos", Primitives.Cos) { }

    /// <summary>The form.</summary>
    public static Cos Form { get; } = new();

    /// <inheritdoc/>
    protected override (double Low, double High) SampleRange => (-10, 10);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) =>
        context.Builder.Mul(gradient, context.Builder.Neg(context.Builder.Sin(context.Operand(0))));

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(2);
}
