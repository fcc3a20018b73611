using System.Numerics;
using ILGPU.Runtime;

namespace LazyHost.Backends.Ilgpu.Memory;

/// <summary>The memory of a device: blocks in size classes, kept for the next request.</summary>
internal sealed class DeviceMemory(Accelerator accelerator) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<int, Stack<MemoryBlock>> free = [];
    private readonly List<MemoryBuffer> slabs = [];
    private long inUse, reserved, peak, buffers;

    public MemoryStatistics Statistics
    {
        get { lock (gate) return new(inUse, reserved, peak, buffers); }
    }

    public DeviceBuffer Rent(long byteSize)
    {
        var sizeClass = Math.Max(8, BitOperations.Log2((ulong)Math.Max(1, byteSize - 1)) + 1);
        lock (gate)
        {
            if (!free.TryGetValue(sizeClass, out var stack) || !stack.TryPop(out var block))
            {
                accelerator.Bind();
                var slab = accelerator.Allocate1D<byte>(1L << sizeClass);
                slabs.Add(slab);
                reserved += 1L << sizeClass;
                block = new(slab.View.BaseView, sizeClass);
            }
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
            if (!free.TryGetValue(block.SizeClass, out var stack)) free.Add(block.SizeClass, stack = new());
            stack.Push(block);
            inUse -= byteSize;
            buffers--;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var slab in slabs) slab.Dispose();
            slabs.Clear();
            free.Clear();
        }
    }
}
