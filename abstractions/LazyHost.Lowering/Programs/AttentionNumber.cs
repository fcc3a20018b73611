namespace LazyHost.Lowering.Programs;

/// <summary>A number of an attention.</summary>
/// <param name="Slot">Its place in the scalar block, or -1 for a constant.</param>
/// <param name="Value">The constant.</param>
public readonly record struct AttentionNumber(int Slot, double Value)
{
    /// <summary>A constant.</summary>
    public static AttentionNumber Of(double value) => new(-1, value);
}
