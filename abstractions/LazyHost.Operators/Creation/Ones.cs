namespace LazyHost.Operators;

/// <summary>1 for all elements. Attributes dtype, sizes.</summary>
public sealed class Ones : FillForm
{
    private Ones() : base("ones", 1) { }

    /// <summary>The form.</summary>
    public static Ones Form { get; } = new();
}
