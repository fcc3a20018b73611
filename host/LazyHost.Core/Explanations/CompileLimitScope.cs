namespace LazyHost;

/// <summary>A limit that a flow uses, and those of the scopes around it.</summary>
internal sealed record CompileLimitScope(CompileLimit Limit, CompileLimitScope? Outer)
{
    /// <summary>Counts a compilation in all of them. Where one does not allow it none has counted it, and that one is returned.</summary>
    public static CompileLimit? Take(CompileLimitScope? scope)
    {
        for (var at = scope; at is not null; at = at.Outer)
            if (!at.Limit.TryTake())
            {
                for (var taken = scope!; taken != at; taken = taken.Outer!) taken.Limit.Return();
                return at.Limit;
            }
        return null;
    }

    public static void Return(CompileLimitScope? scope)
    {
        for (var at = scope; at is not null; at = at.Outer) at.Limit.Return();
    }
}
