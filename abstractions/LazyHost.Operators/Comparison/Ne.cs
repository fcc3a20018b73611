namespace LazyHost.Operators;

/// <summary>a != b.</summary>
public sealed class Ne : ComparisonForm
{
    private Ne() : base("ne", Primitives.Ne) { }

    /// <summary>The form.</summary>
    public static Ne Form { get; } = new();
}
