namespace LazyHost.Operators;

/// <summary>x rounded down.</summary>
public sealed class Floor : RoundingForm
{
    private Floor() : base("floor", Primitives.Floor) { }

    /// <summary>The form.</summary>
    public static Floor Form { get; } = new();
}
