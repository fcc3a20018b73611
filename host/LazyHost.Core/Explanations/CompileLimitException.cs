namespace LazyHost;

/// <summary>
/// A segment that code would have to be made for although a <see cref="CompileLimit"/> does not allow it. Nothing has changed: raise the limit, and end the step or read
/// the value again.
/// </summary>
public sealed class CompileLimitException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public CompileLimitException(CompileLimit limit, CompileExplanation explanation) : base(Text(limit, explanation)) => (Limit, Explanation) = (limit, explanation);

    /// <summary>The limit.</summary>
    public CompileLimit Limit { get; }

    /// <summary>Why the segment would be compiled.</summary>
    public CompileExplanation Explanation { get; }

    private static string Text(CompileLimit limit, CompileExplanation explanation)
    {
        ArgumentNullException.ThrowIfNull(limit);
        var most = limit.Most <= 0 ? "no compilation is" : limit.Most == 1 ? "1 compilation is" : $"{limit.Most} compilations are";
        return $"{most} allowed{(limit.Name is null ? "" : $" by the limit '{limit.Name}'")}, but a segment on {explanation?.Device} needs one more: {explanation}. Raise CompileLimit.Most, or keep what differs the same";
    }
}
