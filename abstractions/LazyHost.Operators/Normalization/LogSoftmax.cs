using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The logarithm of softmax along an axis, computed without loss for small probabilities.</summary>
public sealed class LogSoftmax : SoftmaxForm
{
    private LogSoftmax() : base("log_softmax") { }

    /// <summary>The form.</summary>
    public static LogSoftmax Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Combine(IrBuilder builder, Value shifted, Value exponentials, Value sum) => builder.Sub(shifted, builder.Log(sum));

    /// <inheritdoc/>
    protected override Value Gradient(IrBuilder builder, Value result, Value gradient, int axis) =>
        builder.Sub(gradient, builder.Mul(builder.Exp(result), builder.Sum(gradient, [axis], keepDims: true)));
}
