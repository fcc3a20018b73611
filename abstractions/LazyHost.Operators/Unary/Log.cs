using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The natural logarithm; -inf for 0, NaN below. Integers and bool give f32.</summary>
public sealed class Log : FloatUnaryForm
{
    private Log() : base("log", Primitives.Log) { }

    /// <summary>The form.</summary>
    public static Log Form { get; } = new();

    /// <inheritdoc/>
    protected override (double Low, double High) SampleRange => (0.1, 4);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Div(gradient, context.Operand(0));

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(2);
}
