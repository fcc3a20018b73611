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

    public BufferHandle Allocate(TensorType type, long byteSize, int smallClass = -1)
    {
        if (InUse + byteSize > Budget) Collect();
        if (InUse + byteSize > Budget) throw OutOfMemory(type, byteSize, null);
        try { return Take(type, byteSize, smallClass); }
        catch (DeviceMemoryException)
        {
            Collect();
            try { return Take(type, byteSize, smallClass); }
            catch (DeviceMemoryException e) { throw OutOfMemory(type, byteSize, e.Message); }
        }
    }

    /// <summary>A buffer for a value of up to 64 KiB that leaves the device as soon as it is computed.</summary>
    public BufferHandle RentSmall(TensorType type)
    {
        var sizeClass = Math.Max(6, BitOperations.Log2((ulong)Math.Max(1, type.ByteSize - 1)) + 1);
        lock (small)
            if (small[sizeClass].TryPop(out var pooled))
            {
                pooled.IsPooled = false;
                Interlocked.Add(ref inUse, pooled.ByteSize);
                device.Engine.Metrics.CreateDataHandles.Add(1, device);
                return pooled;
            }
        return Allocate(type, 1L << sizeClass, sizeClass);
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

    private BufferHandle Take(TensorType type, long byteSize, int smallClass)
    {
        IDeviceBuffer buffer;
        try { buffer = device.Host.Backend.Allocate(device.Id.Ordinal, byteSize); }
        catch (Exception e) { throw BackendHost.Translate(e, message => new DeviceMemoryException($"allocating {byteSize} bytes on {device.Id} failed: {message}")); }
        var handle = new BufferHandle(device, buffer, type) { SmallClass = smallClass };
        device.Host.Register(handle);
        device.Engine.Metrics.CreateDataHandles.Add(1, device);
        var now = Interlocked.Add(ref inUse, handle.ByteSize);
        for (var seen = Peak; now > seen; seen = Peak) Interlocked.CompareExchange(ref peak, now, seen);
        ReportPressure();
        return handle;
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

    private static void Collect()
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
