using ILGPU;

namespace LazyHost.Backends.Ilgpu.Memory;

/// <summary>A block of a slab: what the allocator hands out and takes back.</summary>
internal sealed class MemoryBlock(ArrayView<byte> view, int sizeClass)
{
    public ArrayView<byte> View { get; } = view;

    public int SizeClass { get; } = sizeClass;
}
