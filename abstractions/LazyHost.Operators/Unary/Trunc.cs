namespace LazyHost.Operators;

/// <summary>x rounded towards 0.</summary>
public sealed class Trunc : RoundingForm
{
    private Trunc() : base("trunc", Primitives.Trunc) { }

    /// <summary>The form.</summary>
    public static Trunc Form { get; } = new();
}
