using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>e^x - 1, accurate near 0. Integers and bool give f32.</summary>
public sealed class Expm1 : FloatUnaryForm
{
    private Expm1() : base("expm1", Primitives.Expm1) { }

    /// <summary>The form.</summary>
    public static Expm1 Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Mul(gradient, context.Builder.Add(context.Result(), 1));
}
