using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>e^x. Integers and bool give f32.</summary>
public sealed class Exp : FloatUnaryForm
{
    private Exp() : base("exp", Primitives.Exp) { }

    /// <summary>The form.</summary>
    public static Exp Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => context.Builder.Mul(gradient, context.Result());
}
