using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>e^x divided by its sum along an axis, without overflow; NaN along an axis that holds NaN, inf, or only -inf.</summary>
public sealed class Softmax : SoftmaxForm
{
    private Softmax() : base("softmax") { }

    /// <summary>The form.</summary>
    public static Softmax Form { get; } = new();

    /// <inheritdoc/>
    protected override Value Combine(IrBuilder builder, Value shifted, Value exponentials, Value sum) => builder.Div(exponentials, sum);

    /// <inheritdoc/>
    protected override Value Gradient(IrBuilder builder, Value result, Value gradient, int axis)
    {
        var weighted = builder.Mul(gradient, result);
        return builder.Sub(weighted, builder.Mul(result, builder.Sum(weighted, [axis], keepDims: true)));
    }
}
