using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>log(1 + x), accurate near 0; -inf for -1, NaN below. Integers and bool give f32.</summary>
public sealed class Log1p : FloatUnaryForm
{
    private Log1p() : base("log1p", Primitives.Log1p) { }

    /// <summary>The form.</summary>
    public static Log1p Form { get; } = new();

    /// <inheritdoc/>
    protected override (double Low, double High) SampleRange => (-0.9, 4);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Div(gradient, context.Builder.Add(context.Operand(0), 1));

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(2);
}
