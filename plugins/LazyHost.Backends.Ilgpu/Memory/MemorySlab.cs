using ILGPU;
using ILGPU.Runtime;

namespace LazyHost.Backends.Ilgpu.Memory;

/// <summary>Memory taken from the device in one go.</summary>
internal sealed class MemorySlab : IDisposable
{
    private readonly MemoryBuffer buffer;

    public MemorySlab(Accelerator accelerator, long size, int number)
    {
        var memory = accelerator.Allocate1D<byte>(size);
        (buffer, View, Size, Number) = (memory, memory.View.BaseView, size, number);
        First = new(this, 0, size);
    }

    private MemorySlab() => (buffer, First) = (null!, null!);

    /// <summary>Comes before all others: for a block that only stands for a size.</summary>
    public static MemorySlab None { get; } = new();

    public ArrayView<byte> View { get; }

    public long Size { get; }

    /// <summary>Tells slabs apart in the order they were taken.</summary>
    public int Number { get; }

    public MemoryBlock First { get; }

    public bool IsFree => First.IsFree && First.Next is null;

    public void Dispose() => buffer.Dispose();
}
