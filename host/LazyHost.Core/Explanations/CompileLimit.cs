namespace LazyHost;

/// <summary>
/// How many segments code may be made for: by an engine (<see cref="LazyEngine.CompileLimit"/>), or by the flows that use it (<see cref="Device.Use(CompileLimit)"/>).
/// One more is a <see cref="CompileLimitException"/>, which says why it would be compiled; nothing has changed then, and once <see cref="Most"/> is raised the
/// segment runs. New sizes that a backend has code for already are no compilations. May be used by several flows, and again.
/// </summary>
/// <param name="most">The number of compilations allowed; 0 forbids them.</param>
/// <param name="name">A name for messages, or null.</param>
public sealed class CompileLimit(long most = long.MaxValue, string? name = null)
{
    private long most = most, count;

    /// <summary>A name for messages, or null.</summary>
    public string? Name { get; } = name;

    /// <summary>The number of compilations allowed, those counted already included.</summary>
    public long Most
    {
        get => Interlocked.Read(ref most);
        set => Interlocked.Exchange(ref most, value);
    }

    /// <summary>The compilations that ended well or are under way.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Forbids every further compilation: to be called when the program has warmed up.</summary>
    public void Forbid() => Most = Count;

    internal bool TryTake()
    {
        for (var taken = Count; taken < Most;)
        {
            var seen = Interlocked.CompareExchange(ref count, taken + 1, taken);
            if (seen == taken) return true;
            taken = seen;
        }
        return false;
    }

    /// <summary>A compilation that was counted came to nothing.</summary>
    internal void Return() => Interlocked.Decrement(ref count);
}
