using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;

namespace LazyHost.Backends.Ilgpu.Memory;

/// <summary>
/// The memory of a device: large slabs, cut into blocks of which the smallest that fits is handed out; neighbours that are free become one again. Taking memory from
/// a driver stops the device, so slabs are kept until the device has none left.
/// </summary>
/// <param name="accelerator">The device.</param>
/// <param name="name">What messages call it.</param>
internal sealed class DeviceMemory(Accelerator accelerator, string name) : IDisposable
{
    private const long Alignment = 256, SmallestSlab = 1 << 20, LargestSlab = 64 << 20, SlabsOfADevice = 64;

    private readonly Lock gate = new();
    private readonly SortedSet<MemoryBlock> free = new(Comparer<MemoryBlock>.Create(static (a, b) =>
        a.Size != b.Size ? a.Size.CompareTo(b.Size) : a.Slab.Number != b.Slab.Number ? a.Slab.Number.CompareTo(b.Slab.Number) : a.Offset.CompareTo(b.Offset)));
    private readonly List<MemorySlab> slabs = [];
    private readonly long slabSize = Math.Clamp(accelerator.MemorySize / SlabsOfADevice / SmallestSlab * SmallestSlab, SmallestSlab, LargestSlab);
    private long inUse, reserved, peak, buffers;
    private int lastSlab;
    private bool isDisposed;

    public MemoryStatistics Statistics
    {
        get { lock (gate) return new(inUse, reserved, peak, buffers); }
    }

    /// <summary>Uninitialized memory, 256-byte aligned.</summary>
    /// <exception cref="DeviceMemoryException">The device has not that much left; it stays usable.</exception>
    public DeviceBuffer Rent(long byteSize)
    {
        var size = (Math.Max(1, byteSize) + Alignment - 1) / Alignment * Alignment;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            var block = Find(size) ?? Cut(Take(size), size);
            inUse += byteSize;
            peak = Math.Max(peak, inUse);
            buffers++;
            return new(this, block, byteSize);
        }
    }

    public void Return(MemoryBlock block, long byteSize)
    {
        lock (gate)
        {
            inUse -= byteSize;
            buffers--;
            if (isDisposed) return;
            if (block.Next is { IsFree: true } next)
            {
                free.Remove(next);
                Join(block, next);
            }
            if (block.Previous is { IsFree: true } previous)
            {
                free.Remove(previous);
                Join(previous, block);
                block = previous;
            }
            block.IsFree = true;
            free.Add(block);
        }
    }

    /// <summary>Gives back to the device what nobody uses.</summary>
    public void Trim()
    {
        lock (gate) TrimLocked();
    }

    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            foreach (var slab in slabs) slab.Dispose();
            slabs.Clear();
            free.Clear();
            reserved = 0;
        }
    }

    private MemoryBlock? Find(long size)
    {
        if (free.Max is not { } largest || largest.Size < size) return null;
        return Cut(free.GetViewBetween(new(MemorySlab.None, 0, size), largest).Min!, size);
    }

    private MemoryBlock Take(long size)
    {
        var wanted = size > slabSize / 2 ? (size + SmallestSlab - 1) / SmallestSlab * SmallestSlab : slabSize;
        accelerator.Bind();
        for (var isLast = false; ; isLast = true)
        {
            try
            {
                var slab = new MemorySlab(accelerator, wanted, ++lastSlab);
                slabs.Add(slab);
                reserved += wanted;
                free.Add(slab.First);
                return slab.First;
            }
            catch (Exception e) when (DeviceErrors.IsOutOfMemory(e))
            {
                if (isLast) throw new DeviceMemoryException($"{name} gave no {wanted:N0} bytes: {inUse:N0} bytes are in use, {reserved:N0} reserved, of {accelerator.MemorySize:N0}: {DeviceErrors.Describe(e)}", e);
                TrimLocked();
                wanted = (size + Alignment - 1) / Alignment * Alignment;
            }
        }
    }

    private MemoryBlock Cut(MemoryBlock block, long size)
    {
        free.Remove(block);
        block.IsFree = false;
        if (block.Size == size) return block;
        var rest = new MemoryBlock(block.Slab, block.Offset + size, block.Size - size) { Previous = block, Next = block.Next };
        if (block.Next is { } next) next.Previous = rest;
        (block.Next, block.Size) = (rest, size);
        free.Add(rest);
        return block;
    }

    private static void Join(MemoryBlock first, MemoryBlock second)
    {
        first.Size += second.Size;
        first.Next = second.Next;
        if (second.Next is { } next) next.Previous = first;
    }

    private void TrimLocked()
    {
        foreach (var slab in slabs.FindAll(slab => slab.IsFree))
        {
            free.Remove(slab.First);
            slabs.Remove(slab);
            reserved -= slab.Size;
            slab.Dispose();
        }
    }
}
