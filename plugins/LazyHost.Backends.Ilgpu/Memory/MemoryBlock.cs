using ILGPU;

namespace LazyHost.Backends.Ilgpu.Memory;

/// <summary>A piece of a slab, free or handed out; a slab is a chain of them without gaps.</summary>
internal sealed class MemoryBlock(MemorySlab slab, long offset, long size)
{
    public MemorySlab Slab { get; } = slab;

    /// <summary>The first byte, a multiple of 256.</summary>
    public long Offset { get; } = offset;

    public long Size { get; set; } = size;

    public bool IsFree { get; set; } = true;

    public MemoryBlock? Previous { get; set; }

    public MemoryBlock? Next { get; set; }

    public ArrayView<byte> View(long byteSize) => Slab.View.SubView(Offset, byteSize);
}
