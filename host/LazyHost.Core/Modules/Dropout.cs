namespace LazyHost;

/// <summary>While training, sets elements to 0 with a probability and scales the others, so that the expected value stays.</summary>
public sealed class Dropout : Module
{
    private readonly double probability;

    /// <summary>Makes the module.</summary>
    /// <param name="probability">Of an element to become 0: at least 0 and below 1.</param>
    /// <exception cref="InvalidAttributeException">The probability is another.</exception>
    public Dropout(double probability = 0.5)
    {
        if (probability is not (>= 0 and < 1)) throw new InvalidAttributeException($"dropout with probability {probability}; it must be at least 0 and below 1");
        this.probability = probability;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => IsTraining && probability > 0 ? input.Dropout(probability) : input;
}
