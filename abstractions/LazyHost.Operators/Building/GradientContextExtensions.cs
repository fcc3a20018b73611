using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>What gradients share.</summary>
public static class GradientContextExtensions
{
    /// <summary>Hands over the gradient of an operand after summing it over the dimensions along which the operand was broadcast, and converting it to the
    /// operand's element type.</summary>
    public static void SetFitted(this GradientContext context, int operand, Value gradient)
    {
        var type = context.OperandType(operand);
        context.Set(operand, context.Builder.CastTo(context.Builder.SumTo(gradient, type.Shape), type.DType));
    }

    /// <summary>Hands over a gradient of zeros.</summary>
    public static void SetZero(this GradientContext context, int operand) => context.Set(operand, context.Builder.Constant(context.OperandType(operand), 0));
}
