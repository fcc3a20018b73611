namespace LazyHost.Operators;

/// <summary>True where one or both are not 0.</summary>
public sealed class LogicalOr : LogicalForm
{
    private LogicalOr() : base("logical_or", Primitives.Or) { }

    /// <summary>The form.</summary>
    public static LogicalOr Form { get; } = new();
}
