namespace LazyHost;

/// <summary>While training, sets elements to 0 with a probability and scales the others, so that the expected value stays.</summary>
public sealed class Dropout(double probability = 0.5) : Module
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => IsTraining && probability > 0 ? input.Dropout(probability) : input;
}
