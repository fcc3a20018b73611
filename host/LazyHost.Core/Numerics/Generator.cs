namespace LazyHost;

/// <summary>
/// A source of random numbers apart from those of the devices: every operation that is given it draws with its seed and the next ordinal, whatever step, device
/// or backend it runs on. Generators of one seed give the same numbers, and a new seed never compiles anew. Safe for concurrent use.
/// </summary>
public sealed class Generator
{
    private readonly Lock gate = new();
    private ulong seed, draws;

    /// <summary>Makes a generator.</summary>
    public Generator(ulong seed) => this.seed = seed;

    /// <summary>The seed.</summary>
    public ulong Seed
    {
        get { lock (gate) return seed; }
    }

    /// <summary>The number of operations that have drawn since the seed was set: the ordinal of the next one.</summary>
    public ulong Draws
    {
        get { lock (gate) return draws; }
    }

    /// <summary>Begins the numbers of a seed.</summary>
    public void SetSeed(ulong value)
    {
        lock (gate) (seed, draws) = (value, 0);
    }

    /// <summary>The seed, and the ordinal of one operation.</summary>
    internal (ulong Seed, ulong Ordinal) Next()
    {
        lock (gate) return (seed, draws++);
    }

    /// <inheritdoc/>
    public override string ToString() => $"seed {Seed}, {Draws} draws";
}
