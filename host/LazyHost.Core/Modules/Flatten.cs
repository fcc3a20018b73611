namespace LazyHost;

/// <summary>All dimensions but the first as one.</summary>
public sealed class Flatten : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => input.Reshape(input.Shape[0], -1);
}
