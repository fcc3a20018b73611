using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The error function. Integers and bool give f32.</summary>
public sealed class Erf : FloatUnaryForm
{
    private Erf() : base("erf", Primitives.Erf) { }

    /// <summary>The form.</summary>
    public static Erf Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => 
        context.Builder.Mul(gradient,
            context.Builder.Mul(context.Builder.Exp(context.Builder.Neg(context.Builder.Square(context.Operand(0)))), 1.1283791670955126));

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(2);
}
