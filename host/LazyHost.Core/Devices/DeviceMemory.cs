using System.Numerics;
using LazyHost.Backends;

namespace LazyHost;

/// <summary>
/// Allocation on one device under a budget. Large results that only dead handles hold come back through finalizers; over the budget it collects, tries
/// again, and then says who holds the memory.
/// </summary>
internal sealed class DeviceMemory(Device device, long budget)
{
    /// <summary>The collector is told of use in steps of this size: telling it of each buffer of a steady loop makes it collect without end.</summary>
    private const long PressureStep = 64 << 20;

    private const int PooledOfASize = 16;

    private readonly Stack<BufferHandle>[] small = [.. Enumerable.Range(0, 17).Select(_ => new Stack<BufferHandle>())];
    private long inUse, peak, reported;

    public long InUse => Interlocked.Read(ref inUse);

    public long Peak => Interlocked.Read(ref peak);

    public long Budget { get; } = budget;

    /// <summary>A buffer. Where there is no room, collects and tries again.</summary>
    /// <param name="type">What it is for, for messages.</param>
    /// <param name="byteSize">Its size.</param>
    /// <param name="smallClass">The pool it goes back to, or -1.</param>
    /// <param name="mayCollect">False where the caller holds a segment, for which a finalizer of the program's own may wait; he collects when he has let go of it.</param>
    /// <exception cref="DeviceMemoryException">There is no room.</exception>
    public BufferHandle Allocate(TensorType type, long byteSize, int smallClass = -1, bool mayCollect = true)
    {
        for (var isLast = !mayCollect; ; isLast = true)
        {
            string? reason = null;
            if (TryReserve(byteSize))
            {
                try { return Take(type, byteSize, smallClass); }
                catch (DeviceMemoryException e) { reason = e.Message; }
            }
            if (isLast) throw OutOfMemory(type, byteSize, reason);
            Collect();
        }
    }

    /// <summary>A buffer for a value of up to 64 KiB that leaves the device as soon as it is computed.</summary>
    /// <exception cref="DeviceMemoryException">There is no room.</exception>
    public BufferHandle RentSmall(TensorType type, bool mayCollect = true)
    {
        var sizeClass = Math.Max(6, BitOperations.Log2((ulong)Math.Max(1, type.ByteSize - 1)) + 1);
        lock (small)
            if (small[sizeClass].TryPeek(out var pooled) && TryReserve(pooled.ByteSize))
            {
                small[sizeClass].Pop();
                pooled.IsPooled = false;
                device.Engine.Metrics.CreateDataHandles.Add(1, device);
                return pooled;
            }
        return Allocate(type, 1L << sizeClass, sizeClass, mayCollect);
    }

    /// <summary>Takes a short-lived buffer back. False where enough of its size are kept.</summary>
    public bool TryPool(BufferHandle handle)
    {
        lock (small)
        {
            if (small[handle.SmallClass].Count >= PooledOfASize) return false;
            handle.IsPooled = true;
            small[handle.SmallClass].Push(handle);
        }
        Interlocked.Add(ref inUse, -handle.ByteSize);
        device.Engine.Metrics.DestroyDataHandles.Add(1, device);
        return true;
    }

    public void Freed(long byteSize)
    {
        Interlocked.Add(ref inUse, -byteSize);
        device.Engine.Metrics.DestroyDataHandles.Add(1, device);
        ReportPressure();
    }

    /// <summary>Counts bytes as in use where the budget has room for them.</summary>
    private bool TryReserve(long byteSize)
    {
        long before;
        do
        {
            before = InUse;
            if (before + byteSize > Budget) return false;
        }
        while (Interlocked.CompareExchange(ref inUse, before + byteSize, before) != before);
        return true;
    }

    /// <summary>A buffer for bytes that are reserved, or an error; then they are not any more.</summary>
    private BufferHandle Take(TensorType type, long byteSize, int smallClass)
    {
        IDeviceBuffer buffer;
        try { buffer = device.Host.Backend.Allocate(device.Id.Ordinal, byteSize); }
        catch (Exception e)
        {
            Interlocked.Add(ref inUse, -byteSize);
            throw BackendHost.Translate(e, message => new DeviceMemoryException($"allocating {byteSize} bytes on {device.Id} failed: {message}"));
        }
        var handle = new BufferHandle(device, buffer, type) { SmallClass = smallClass };
        // Backends may give more than they were asked for.
        Rose(Interlocked.Add(ref inUse, handle.ByteSize - byteSize));
        device.Engine.Metrics.CreateDataHandles.Add(1, device);
        device.Host.Register(handle);
        ReportPressure();
        return handle;
    }

    private void Rose(long now)
    {
        for (var seen = Peak; now > seen; seen = Peak) Interlocked.CompareExchange(ref peak, now, seen);
    }

    private void ReportPressure()
    {
        var seen = Interlocked.Read(ref reported);
        if (Math.Abs(InUse - seen) < PressureStep) return;
        var next = InUse / PressureStep * PressureStep;
        if (next == seen || Interlocked.CompareExchange(ref reported, next, seen) != seen) return;
        if (next > seen) GC.AddMemoryPressure(next - seen);
        else GC.RemoveMemoryPressure(seen - next);
    }

    /// <summary>Lets finalizers give back what only they still know of. Waits for those of the program's own, too: hold nothing they may wait for.</summary>
    public static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private DeviceMemoryException OutOfMemory(TensorType type, long byteSize, string? reason)
    {
        var held = string.Join(", ", device.Host.Payloads<BufferHandle>().Where(h => h.Device == device).OrderByDescending(h => h.ByteSize).Take(5)
            .Select(h => $"{h.Type} ({h.ByteSize:N0} bytes)"));
        return new DeviceMemoryException($"{device.Id} has no room for {type} ({byteSize:N0} bytes): {InUse:N0} of {Budget:N0} bytes are in use"
            + $"{(reason is null ? "" : $" ({reason})")}.{(held.Length == 0 ? "" : $" Largest: {held}.")} Free tensors, use a step scope, or raise Execution:MemoryBudget.");
    }
}
