namespace LazyHost;

/// <summary>The greatest of each window: [N, C, H, W] gives [N, C, H', W'].</summary>
public sealed class MaxPool2d(int kernel, int? stride = null, int padding = 0) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => input.MaxPool2d(kernel, stride ?? kernel, padding);
}
