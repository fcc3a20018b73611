using System.Buffers;
using System.Runtime.InteropServices;

namespace LazyHost;

/// <summary>An array's elements as bytes.</summary>
internal sealed class CastMemory<T>(T[] elements) : MemoryManager<byte> where T : unmanaged
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(elements.AsSpan());

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        var handle = GCHandle.Alloc(elements, GCHandleType.Pinned);
        return new((byte*)handle.AddrOfPinnedObject() + elementIndex, handle, this);
    }

    public override void Unpin()
    {
        // The handle given with the pin is freed by its disposal.
    }

    protected override void Dispose(bool disposing)
    {
        // Nothing is held between pins.
    }
}
