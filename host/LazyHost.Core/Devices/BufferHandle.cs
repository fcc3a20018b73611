using LazyHost.Backends;

namespace LazyHost;

/// <summary>A device buffer as the host holds it.</summary>
internal sealed class BufferHandle(Device device, IDeviceBuffer buffer, TensorType type) : Payload
{
    private IDeviceBuffer? buffer = buffer;

    public Device Device { get; } = device;

    /// <summary>What it was made for, to name the largest holders.</summary>
    public TensorType Type { get; } = type;

    public long ByteSize { get; } = buffer.ByteSize;

    public IDeviceBuffer Buffer => buffer ?? throw new DeviceGoneException($"a buffer of {Device.Id} was used after its backend was unloaded");

    public void Release() => Device.Host.Release(this);

    internal override void Clear()
    {
        var gone = Interlocked.Exchange(ref buffer, null);
        if (gone is null) return;
        gone.Dispose();
        Device.Memory.Freed(ByteSize);
    }
}
