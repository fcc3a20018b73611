using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The base of differentiable operators on pairs of elements.</summary>
public abstract class ArithmeticForm(string name) : BinaryForm(name)
{
    /// <inheritdoc/>
    public sealed override bool IsDifferentiable => true;

    /// <summary>The gradient of operand 0 before it is summed to its shape.</summary>
    protected abstract Value GradientOfFirst(GradientContext context, Value gradient);

    /// <summary>The gradient of operand 1 before it is summed to its shape.</summary>
    protected abstract Value GradientOfSecond(GradientContext context, Value gradient);

    /// <inheritdoc/>
    public sealed override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        if (context.Needs(0)) context.SetFitted(0, GradientOfFirst(context, gradient));
        if (context.Needs(1)) context.SetFitted(1, GradientOfSecond(context, gradient));
    }
}
