namespace LazyHost.Operators;

/// <summary>a &lt;= b.</summary>
public sealed class Le : ComparisonForm
{
    private Le() : base("le", Primitives.Le) { }

    /// <summary>The form.</summary>
    public static Le Form { get; } = new();
}
