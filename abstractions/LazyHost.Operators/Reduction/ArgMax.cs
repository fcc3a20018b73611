namespace LazyHost.Operators;

/// <summary>The index, as i64, of the greatest element along an axis; the first of equals, the first NaN if any. Attributes axis, keep_dims.</summary>
public sealed class ArgMax : ArgReductionForm
{
    private ArgMax() : base("argmax", Primitives.ArgMax) { }

    /// <summary>The form.</summary>
    public static ArgMax Form { get; } = new();
}
