using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The base of reductions over axes that have a gradient.</summary>
public abstract class DifferentiableReductionForm(string name, params AttributeSpec[] more) : ReductionForm(name, more)
{
    /// <inheritdoc/>
    public sealed override bool IsDifferentiable => true;

    /// <summary>The gradient of the operand, given that of the result with its axes kept at size 1; it may still have to be broadcast and converted.</summary>
    protected abstract Value Gradient(GradientContext context, Value gradient, long[] axes);

    /// <inheritdoc/>
    public sealed override void Gradient(GradientContext context)
    {
        if (!context.Needs(0) || context.OutputGradient() is not { } gradient) return;
        var axes = Rules.Axes(context.Attributes.Ints(Attributes, 0), context.OperandType(0).Shape);
        context.SetFitted(0, Gradient(context, Kept(context, gradient, axes), axes));
    }

    /// <summary>A value of the result's shape, with the reduced axes back at size 1 so that it broadcasts against the operand.</summary>
    protected static Value Kept(GradientContext context, Value value, long[] axes) =>
        context.Builder.Reshape(value, Rules.WithOnes(context.OperandType(0).Shape, axes));
}
