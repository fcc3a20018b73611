using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The negative log-likelihood: -x at the target class, x being log-probabilities.</summary>
public sealed class NllLoss : ClassLossForm
{
    private NllLoss() : base("nll_loss") { }

    /// <summary>The form.</summary>
    public static NllLoss Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Loss(IrBuilder builder, Value x, Value chosen) => builder.Neg(chosen);

    /// <inheritdoc/>
    protected override Value Derivative(IrBuilder builder, GradientContext context, Value isTarget) =>
        builder.Neg(builder.CastTo(isTarget, context.OperandType(0).DType.ComputeType()));
}
