namespace LazyHost.Operators;

/// <summary>x rounded up.</summary>
public sealed class Ceil : RoundingForm
{
    private Ceil() : base("ceil", Primitives.Ceil) { }

    /// <summary>The form.</summary>
    public static Ceil Form { get; } = new();
}
