namespace LazyHost;

/// <summary>What one run of a captured function gives its numbers: arguments, and the random seed and first ordinal of its draws.</summary>
internal readonly ref struct ReplayNumbers(ReadOnlySpan<double> arguments, (ulong Seed, ulong Ordinal) random, Step? step)
{
    public ReadOnlySpan<double> Arguments { get; } = arguments;

    public (ulong Seed, ulong Ordinal) Random { get; } = random;

    /// <summary>What the run belongs to, where it changes something on the host.</summary>
    public Step? Step { get; } = step;
}
