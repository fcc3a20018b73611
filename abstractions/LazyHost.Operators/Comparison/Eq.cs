namespace LazyHost.Operators;

/// <summary>a == b.</summary>
public sealed class Eq : ComparisonForm
{
    private Eq() : base("eq", Primitives.Eq) { }

    /// <summary>The form.</summary>
    public static Eq Form { get; } = new();
}
