namespace LazyHost.Operators;

/// <summary>a &lt; b.</summary>
public sealed class Lt : ComparisonForm
{
    private Lt() : base("lt", Primitives.Lt) { }

    /// <summary>The form.</summary>
    public static Lt Form { get; } = new();
}
