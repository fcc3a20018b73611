using LazyHost.IR;

namespace LazyHost;

/// <summary>A computed value that gradients flow through, with the node that computed it.</summary>
internal sealed class Computed(DeviceData data, Segment segment, Value value) : TensorSource(data.Device)
{
    public DeviceData Data { get; } = data;

    public Segment Segment { get; } = segment;

    public Value Value { get; } = value;
}
