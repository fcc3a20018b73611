namespace LazyHost.Operators;

/// <summary>x rounded to nearest, ties to even.</summary>
public sealed class Round : RoundingForm
{
    private Round() : base("round", Primitives.Round) { }

    /// <summary>The form.</summary>
    public static Round Form { get; } = new();
}
