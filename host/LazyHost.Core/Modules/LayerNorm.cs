namespace LazyHost;

/// <summary>Layer normalization over the last dimensions.</summary>
public sealed class LayerNorm : Module
{
    private readonly double eps;

    /// <summary>Makes the layer with weight 1 and bias 0.</summary>
    public LayerNorm(Shape normalized, Device device, double eps = 1e-5)
    {
        this.eps = eps;
        Weight = Register("weight", Tensor.Ones(normalized, device));
        Bias = Register("bias", Tensor.Zeros(normalized, device));
    }

    /// <summary>Of the normalized shape.</summary>
    public Parameter Weight { get; }

    /// <summary>Of the normalized shape.</summary>
    public Parameter Bias { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => input.LayerNorm(Weight, Bias, eps);
}
