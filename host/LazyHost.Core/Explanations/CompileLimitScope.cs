namespace LazyHost;

/// <summary>A limit that a flow uses, and those of the scopes around it.</summary>
internal sealed record CompileLimitScope(CompileLimit Limit, CompileLimitScope? Outer)
{
    /// <summary>Counts a compilation in all of them.</summary>
    /// <exception cref="CompileLimitException">One does not allow it; none has counted it.</exception>
    public static void Take(CompileLimitScope? scope, CompileExplanation explanation)
    {
        for (var at = scope; at is not null; at = at.Outer)
            if (!at.Limit.TryTake())
            {
                for (var taken = scope!; taken != at; taken = taken.Outer!) taken.Limit.Return();
                throw new CompileLimitException(at.Limit, explanation);
            }
    }

    public static void Return(CompileLimitScope? scope)
    {
        for (var at = scope; at is not null; at = at.Outer) at.Limit.Return();
    }
}
