namespace LazyHost.Operators;

/// <summary>0 for all elements. Attributes dtype, sizes.</summary>
public sealed class Zeros : FillForm
{
    private Zeros() : base("zeros", 0) { }

    /// <summary>The form.</summary>
    public static Zeros Form { get; } = new();
}
