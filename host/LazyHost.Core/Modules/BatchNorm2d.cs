namespace LazyHost;

/// <summary>Batch normalization over [N, C, H, W]: with the batch's statistics while training, else with running ones.</summary>
public sealed class BatchNorm2d : Module
{
    private readonly double momentum, eps;

    /// <summary>Makes the layer with weight 1, bias 0, running mean 0 and variance 1.</summary>
    public BatchNorm2d(int channels, Device device, double momentum = 0.1, double eps = 1e-5)
    {
        (this.momentum, this.eps) = (momentum, eps);
        Weight = Register("weight", Tensor.Ones([channels], device));
        Bias = Register("bias", Tensor.Zeros([channels], device));
        (RunningMean, RunningVariance) = (Tensor.Zeros([channels], device), Tensor.Ones([channels], device));
    }

    /// <summary>[C].</summary>
    public Parameter Weight { get; }

    /// <summary>[C].</summary>
    public Parameter Bias { get; }

    /// <summary>[C]; changed by every forward pass while training.</summary>
    public Tensor RunningMean { get; }

    /// <summary>[C], unbiased; changed by every forward pass while training.</summary>
    public Tensor RunningVariance { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        if (!IsTraining) return input.BatchNorm(RunningMean, RunningVariance, Weight, Bias, eps);
        var (result, mean, variance) = input.BatchNorm(Weight, Bias, eps);
        var count = input.Shape.ElementCount / (double)input.Shape[1];
        using var noGrad = GradMode.NoGrad();
        RunningMean.Assign((RunningMean * (1 - momentum)) + (mean * momentum));
        RunningVariance.Assign((RunningVariance * (1 - momentum)) + (variance * (momentum * count / (count - 1))));
        return result;
    }
}
