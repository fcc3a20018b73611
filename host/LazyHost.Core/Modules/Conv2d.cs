namespace LazyHost;

/// <summary>A two-dimensional convolution: [N, C, H, W] gives [N, filters, H', W'].</summary>
public sealed class Conv2d : Module
{
    private readonly int stride, padding, dilation, groups;

    /// <summary>Makes the layer with weights uniform in ±1/sqrt(channels / groups · kernel²), as PyTorch does.</summary>
    public Conv2d(int channels, int filters, int kernel, Device device, int stride = 1, int padding = 0, int dilation = 1, int groups = 1, bool bias = true, ulong? seed = null)
    {
        (this.stride, this.padding, this.dilation, this.groups) = (stride, padding, dilation, groups);
        var first = seed ?? device.Context.NextParameterSeed();
        var bound = 1 / Math.Sqrt((double)channels / groups * kernel * kernel);
        Weight = Register("weight", Initialize.Uniform([filters, channels / groups, kernel, kernel], -bound, bound, device, first, 0));
        if (bias) Bias = Register("bias", Initialize.Uniform([filters], -bound, bound, device, first, 1));
    }

    /// <summary>[filters, channels / groups, kernel, kernel].</summary>
    public Parameter Weight { get; }

    /// <summary>[filters], or null.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => input.Conv2d(Weight, Bias, stride, padding, dilation, groups);
}
