namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>One dimension that is padded.</summary>
/// <param name="From">Its size before.</param>
/// <param name="To">Its size after.</param>
/// <param name="Low">Elements put before it; where negative, left out.</param>
/// <param name="Interior">Elements put between neighbours.</param>
/// <param name="Stride">Elements of the operand from one index to the next.</param>
internal readonly record struct PadDimension(long From, long To, long Low, long Interior, long Stride)
{
    /// <summary>A dimension of one element that stays.</summary>
    public static PadDimension None => new(1, 1, 0, 0, 0);

    public bool IsPlain => Low == 0 && Interior == 0 && From == To;
}
