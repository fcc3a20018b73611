namespace LazyHost;

/// <summary>Where a tensor gets its value from: a <see cref="DeviceData"/> has it, a <see cref="Computed"/> too, a <see cref="Segment"/> has a node for it.</summary>
internal abstract class TensorSource(Device device)
{
    public Device Device { get; } = device;
}
