namespace LazyHost.Operators;

/// <summary>a >= b.</summary>
public sealed class Ge : ComparisonForm
{
    private Ge() : base("ge", Primitives.Ge) { }

    /// <summary>The form.</summary>
    public static Ge Form { get; } = new();
}
