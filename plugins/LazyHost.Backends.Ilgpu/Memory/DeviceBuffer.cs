using ILGPU;

namespace LazyHost.Backends.Ilgpu.Memory;

/// <summary>A piece of a device's memory, given back when it is disposed.</summary>
internal sealed class DeviceBuffer(DeviceMemory owner, MemoryBlock block, long byteSize) : IDeviceBuffer
{
    private MemoryBlock? block = block;

    public long ByteSize { get; } = byteSize;

    public DeviceMemory Owner { get; } = owner;

    /// <summary>Its bytes; 256-byte aligned.</summary>
    public ArrayView<byte> View => (block ?? throw new ObjectDisposedException(nameof(DeviceBuffer))).View(ByteSize);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref block, null) is { } held) Owner.Return(held, ByteSize);
    }
}
