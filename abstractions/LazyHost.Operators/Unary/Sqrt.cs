using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The square root; NaN below 0. Integers and bool give f32.</summary>
public sealed class Sqrt : FloatUnaryForm
{
    private Sqrt() : base("sqrt", Primitives.Sqrt) { }

    /// <summary>The form.</summary>
    public static Sqrt Form { get; } = new();

    /// <inheritdoc/>
    protected override (double Low, double High) SampleRange => (0.1, 4);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Div(gradient, context.Builder.Mul(context.Result(), 2));
}
