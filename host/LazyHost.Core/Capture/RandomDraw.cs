namespace LazyHost;

/// <summary>The seed and ordinal of one random operation of a captured function, two slots side by side: drawn anew on every run.</summary>
internal sealed class RandomDraw(Generator? generator, ulong place) : LiveNumber
{
    /// <summary>What it draws from, or null for the seed of the device's step.</summary>
    public Generator? Generator => generator;

    internal override void Write(Span<long> scalars, int slot, DType type, in ReplayNumbers numbers)
    {
        var (seed, ordinal) = generator?.Next(numbers.Changes!) ?? (numbers.Random.Seed, numbers.Random.Ordinal + place);
        (scalars[slot], scalars[slot + 1]) = ((long)seed, (long)ordinal);
    }
}
