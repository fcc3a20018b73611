namespace LazyHost;

/// <summary>A tensor that had a value when its segment began, and was written in it.</summary>
/// <param name="Variable">The tensor.</param>
/// <param name="Old">What it was before: a <see cref="DeviceData"/> or a <see cref="Computed"/>.</param>
internal readonly record struct VariableUpdate(Tensor Variable, TensorSource Old)
{
    /// <summary>The value it had.</summary>
    public DeviceData OldData => Tensor.DataOf(Old)!;
}
