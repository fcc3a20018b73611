using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The cross entropy of scores (logits) and target classes: -log_softmax(x) at the target.</summary>
public sealed class CrossEntropy : ClassLossForm
{
    private CrossEntropy() : base("cross_entropy") { }

    /// <summary>The form.</summary>
    public static CrossEntropy Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Loss(IrBuilder builder, Value x, Value chosen) =>
        builder.Sub(builder.Emit(LogSumExp.Form, [x], ReductionForm.Encode([1])), chosen);

    /// <inheritdoc/>
    protected override Value Derivative(IrBuilder builder, GradientContext context, Value isTarget)
    {
        var probabilities = builder.Softmax(builder.Widen(context.Operand(0)), 1);
        return builder.Sub(probabilities, builder.CastTo(isTarget, builder.DTypeOf(probabilities)));
    }
}
