using System.Numerics;
using System.Runtime.InteropServices;

namespace LazyHost.Backends.Simd.Memory;

/// <summary>
/// Native memory in size classes (four to each power of two), aligned to 64 bytes. Blocks given back are kept for their class, so that a step that asks for
/// what the step before gave back gets mapped pages; what is kept is bounded.
/// </summary>
internal sealed unsafe class NativePool(long limit) : IDisposable
{
    private const long SmallestBlock = 256;
    private const long MostKept = 4L << 30;

    private readonly Lock gate = new();
    private readonly Dictionary<long, Stack<nint>> free = [];
    private long inUse, reserved, peak, buffers;
    private bool isDisposed;

    public MemoryStatistics Statistics
    {
        get { lock (gate) return new(inUse, reserved, peak, buffers); }
    }

    public NativeBuffer Rent(long byteSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteSize);
        var size = BlockSize(byteSize);
        byte* block = null;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (free.TryGetValue(size, out var stack) && stack.TryPop(out var kept)) block = (byte*)kept;
            else if (reserved + size > limit) Trim(reserved + size - limit);
            if (block is null && reserved + size > limit)
                throw new DeviceMemoryException($"{byteSize} bytes do not fit: {reserved} of {limit} bytes are in use; give buffers back or use smaller batches");
            if (block is null) reserved += size;
            inUse += size;
            buffers++;
            peak = Math.Max(peak, inUse);
        }
        return new(this, block is not null ? block : Map(byteSize, size), byteSize, size);
    }

    public void Return(byte* block, NativeBuffer buffer)
    {
        lock (gate)
        {
            inUse -= buffer.BlockSize;
            buffers--;
            if (!isDisposed)
            {
                ref var stack = ref CollectionsMarshal.GetValueRefOrAddDefault(free, buffer.BlockSize, out _);
                (stack ??= new()).Push((nint)block);
                if (reserved - inUse > MostKept) Trim(reserved - inUse - MostKept);
                return;
            }
            reserved -= buffer.BlockSize;
        }
        NativeMemory.AlignedFree(block);
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed) return;
            isDisposed = true;
            Trim(long.MaxValue);
        }
    }

    internal static long BlockSize(long byteSize)
    {
        if (byteSize <= SmallestBlock) return SmallestBlock;
        var quarter = 1L << (BitOperations.Log2((ulong)(byteSize - 1)) - 2);
        return checked(byteSize + quarter - 1) / quarter * quarter;
    }

    private byte* Map(long byteSize, long size)
    {
        try
        {
            return (byte*)NativeMemory.AlignedAlloc((nuint)size, 64);
        }
        catch (OutOfMemoryException e)
        {
            lock (gate) { inUse -= size; reserved -= size; buffers--; }
            throw new DeviceMemoryException($"the system has no {byteSize} bytes left; give buffers back or use smaller batches", e);
        }
    }

    private void Trim(long bytes)
    {
        foreach (var (size, stack) in free)
            while (bytes > 0 && stack.TryPop(out var block))
            {
                NativeMemory.AlignedFree((void*)block);
                reserved -= size;
                bytes -= size;
            }
    }
}
