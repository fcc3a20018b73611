namespace LazyHost.Operators;

/// <summary>True where both are not 0.</summary>
public sealed class LogicalAnd : LogicalForm
{
    private LogicalAnd() : base("logical_and", Primitives.And) { }

    /// <summary>The form.</summary>
    public static LogicalAnd Form { get; } = new();
}
