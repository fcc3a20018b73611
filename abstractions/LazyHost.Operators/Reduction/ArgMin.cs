namespace LazyHost.Operators;

/// <summary>The index, as i64, of the least element along an axis; the first of equals, the first NaN if any. Attributes axis, keep_dims.</summary>
public sealed class ArgMin : ArgReductionForm
{
    private ArgMin() : base("argmin", Primitives.ArgMin) { }

    /// <summary>The form.</summary>
    public static ArgMin Form { get; } = new();
}
