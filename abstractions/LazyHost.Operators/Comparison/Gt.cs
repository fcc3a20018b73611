namespace LazyHost.Operators;

/// <summary>a > b.</summary>
public sealed class Gt : ComparisonForm
{
    private Gt() : base("gt", Primitives.Gt) { }

    /// <summary>The form.</summary>
    public static Gt Form { get; } = new();
}
