namespace LazyHost;

/// <summary>x · weight + bias over the last dimension: [..., in] gives [..., out].</summary>
public sealed class Linear : Module
{
    /// <summary>Makes the layer with weights uniform in ±1/sqrt(inputs), as PyTorch does.</summary>
    /// <param name="inputs">The size of the last dimension taken.</param>
    /// <param name="outputs">The size of the last dimension given.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="bias">False leaves the bias out.</param>
    /// <param name="seed">Equal seeds give equal weights on every device; without one each layer gets its own, by the order of their making.</param>
    public Linear(int inputs, int outputs, Device device, bool bias = true, ulong? seed = null)
    {
        var first = seed ?? device.Context.NextParameterSeed();
        var bound = 1 / Math.Sqrt(inputs);
        Weight = Register("weight", Initialize.Uniform([inputs, outputs], -bound, bound, device, first, 0));
        if (bias) Bias = Register("bias", Initialize.Uniform([outputs], -bound, bound, device, first, 1));
    }

    /// <summary>[in, out].</summary>
    public Parameter Weight { get; }

    /// <summary>[out], or null.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        var product = input.MatMul(Weight);
        return Bias is null ? product : product + Bias;
    }
}
