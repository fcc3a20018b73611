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

    /// <summary>The logarithm of its size in the pool for short-lived values, or -1 for a buffer of its own.</summary>
    public int SmallClass { get; init; } = -1;

    /// <summary>True while it waits in the pool, and so counts as given back.</summary>
    public bool IsPooled { get; set; }

    /// <summary>Gives it back to the pool it came from, or to the backend.</summary>
    public void Release()
    {
        if (SmallClass < 0 || !Device.Memory.TryPool(this)) Device.Host.Release(this);
    }

    internal override void Clear()
    {
        var gone = Interlocked.Exchange(ref buffer, null);
        if (gone is null) return;
        try { gone.Dispose(); }
        finally
        {
            if (!IsPooled) Device.Memory.Freed(ByteSize);
        }
    }
}
