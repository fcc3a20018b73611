using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>1 / sqrt(x); inf for 0, NaN below. Integers and bool give f32.</summary>
public sealed class Rsqrt : FloatUnaryForm
{
    private Rsqrt() : base("rsqrt", Primitives.Rsqrt) { }

    /// <summary>The form.</summary>
    public static Rsqrt Form { get; } = new();

    /// <inheritdoc/>
    protected override (double Low, double High) SampleRange => (0.1, 4);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => 
        context.Builder.Mul(gradient, context.Builder.Mul(context.Builder.Mul(context.Builder.Square(context.Result()), context.Result()), -0.5));

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(2);
}
