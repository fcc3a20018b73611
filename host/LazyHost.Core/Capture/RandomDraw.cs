namespace LazyHost;

/// <summary>The seed and ordinal of one random operation of a captured function, two slots side by side: drawn anew on every run.</summary>
internal sealed class RandomDraw(Generator? generator, ulong place) : LiveNumber
{
    /// <summary>True where it changes a generator.</summary>
    public bool HasGenerator => generator is not null;

    internal override void Write(Span<long> scalars, int slot, DType type, in ReplayNumbers numbers)
    {
        var (seed, ordinal) = generator?.Next(numbers.Step!) ?? (numbers.Random.Seed, numbers.Random.Ordinal + place);
        (scalars[slot], scalars[slot + 1]) = ((long)seed, (long)ordinal);
    }
}
