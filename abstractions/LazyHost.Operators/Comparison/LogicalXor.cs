namespace LazyHost.Operators;

/// <summary>True where exactly one is not 0.</summary>
public sealed class LogicalXor : LogicalForm
{
    private LogicalXor() : base("logical_xor", Primitives.Xor) { }

    /// <summary>The form.</summary>
    public static LogicalXor Form { get; } = new();
}
