namespace LazyHost;

/// <summary>What one run of a captured function gives its numbers: arguments, and the random seed and first ordinal of its draws.</summary>
internal readonly ref struct ReplayNumbers(ReadOnlySpan<double> arguments, (ulong Seed, ulong Ordinal) random, UndoLog? changes)
{
    public ReadOnlySpan<double> Arguments { get; } = arguments;

    public (ulong Seed, ulong Ordinal) Random { get; } = random;

    /// <summary>What the run changes on the host; null where it changes nothing.</summary>
    public UndoLog? Changes { get; } = changes;
}
