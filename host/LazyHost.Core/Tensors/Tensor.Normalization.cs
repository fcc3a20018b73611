using System.Runtime.CompilerServices;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>e^x over its sum along an axis, without overflow.</summary>
    public Tensor Softmax(long axis = -1, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Softmax.Form, [this], Operators.Softmax.Encode(axis), file, line);

    /// <summary>The logarithm of <see cref="Softmax"/>, without loss for small probabilities.</summary>
    public Tensor LogSoftmax(long axis = -1, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.LogSoftmax.Form, [this], Operators.LogSoftmax.Encode(axis), file, line);

    /// <summary>Scaled to mean 0 and variance 1 over the last axes: as many as the weight has, or one.</summary>
    public Tensor LayerNorm(Tensor? weight = null, Tensor? bias = null, double eps = 1e-5, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        var attributes = Operators.LayerNorm.Encode(weight?.Shape.Rank ?? 1, eps);
        return (weight, bias) switch
        {
            (null, null) => Apply(Operators.LayerNorm.Form, [this], attributes, file, line),
            (_, null) => Apply(Operators.LayerNorm.Form, [this, weight], attributes, file, line),
            (null, _) => Apply(Operators.LayerNorm.Form, [this], attributes, file, line).Add(bias, file, line),
            _ => Apply(Operators.LayerNorm.Form, [this, weight, bias], attributes, file, line),
        };
    }

    /// <summary>Scaled to mean 0 and variance 1 over all axes but 1, with the batch's own statistics.</summary>
    /// <returns>The result, the batch's mean, and its biased variance, both [channels].</returns>
    public (Tensor Result, Tensor Mean, Tensor Variance) BatchNorm(Tensor weight, Tensor bias, double eps = 1e-5, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        var statistics = new Tensor[2];
        var result = Record(Device, Operators.BatchNorm.Form, [this, weight, bias], Operators.BatchNorm.Encode(eps), file, line, statistics);
        return (result, statistics[0], statistics[1]);
    }

    /// <summary>Scaled by given statistics along axis 1.</summary>
    public Tensor BatchNorm(Tensor mean, Tensor variance, Tensor weight, Tensor bias, double eps = 1e-5, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.BatchNormInference.Form, [this, mean, variance, weight, bias], Operators.BatchNormInference.Encode(eps), file, line);

    /// <summary>The cross entropy of scores [N, classes] and target classes [N]; the mean over N, or "sum" or "none".</summary>
    public Tensor CrossEntropy(Tensor targets, string reduction = "mean", [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.CrossEntropy.Form, [this, targets], Operators.CrossEntropy.Encode(reduction), file, line);

    /// <summary>The mean squared difference; or "sum" or "none".</summary>
    public Tensor MseLoss(Tensor targets, string reduction = "mean", [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.MseLoss.Form, [this, targets], Operators.MseLoss.Encode(reduction), file, line);
}
