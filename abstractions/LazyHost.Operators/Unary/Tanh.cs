using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The hyperbolic tangent. Integers and bool give f32.</summary>
public sealed class Tanh : FloatUnaryForm
{
    private Tanh() : base("tanh", Primitives.Tanh) { }

    /// <summary>The form.</summary>
    public static Tanh Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) =>
        context.Builder.Mul(gradient,
            context.Builder.Sub(context.Builder.Constant(context.Builder.DTypeOf(gradient), 1), context.Builder.Square(context.Result())));

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(2);
}
