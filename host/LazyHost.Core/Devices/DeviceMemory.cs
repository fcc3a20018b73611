using LazyHost.Backends;

namespace LazyHost;

/// <summary>
/// Allocation on one device under a budget. Large results that only dead handles hold come back through finalizers; over the budget it collects, tries
/// again, and then says who holds the memory.
/// </summary>
internal sealed class DeviceMemory(Device device, long budget)
{
    /// <summary>Below this size the garbage collector is not told of a buffer.</summary>
    private const long PressureFloor = 64 * 1024;

    private long inUse, peak;

    public long InUse => Interlocked.Read(ref inUse);

    public long Peak => Interlocked.Read(ref peak);

    public long Budget { get; } = budget;

    public BufferHandle Allocate(TensorType type, long byteSize)
    {
        if (InUse + byteSize > Budget) Collect();
        if (InUse + byteSize > Budget) throw OutOfMemory(type, byteSize, null);
        try { return Take(type, byteSize); }
        catch (DeviceMemoryException)
        {
            Collect();
            try { return Take(type, byteSize); }
            catch (DeviceMemoryException e) { throw OutOfMemory(type, byteSize, e.Message); }
        }
    }

    public void Freed(long byteSize)
    {
        Interlocked.Add(ref inUse, -byteSize);
        if (byteSize >= PressureFloor) GC.RemoveMemoryPressure(byteSize);
    }

    private BufferHandle Take(TensorType type, long byteSize)
    {
        IDeviceBuffer buffer;
        try { buffer = device.Host.Backend.Allocate(device.Id.Ordinal, byteSize); }
        catch (Exception e) { throw BackendHost.Translate(e, message => new DeviceMemoryException($"allocating {byteSize} bytes on {device.Id} failed: {message}")); }
        var handle = new BufferHandle(device, buffer, type);
        device.Host.Register(handle);
        var now = Interlocked.Add(ref inUse, handle.ByteSize);
        for (var seen = Peak; now > seen; seen = Peak) Interlocked.CompareExchange(ref peak, now, seen);
        if (handle.ByteSize >= PressureFloor) GC.AddMemoryPressure(handle.ByteSize);
        return handle;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private DeviceMemoryException OutOfMemory(TensorType type, long byteSize, string? reason)
    {
        var largest = device.Host.Payloads<BufferHandle>().Where(h => h.Device == device).OrderByDescending(h => h.ByteSize).Take(5)
            .Select(h => $"{h.Type} ({h.ByteSize:N0} bytes)");
        return new DeviceMemoryException($"{device.Id} has no room for {type} ({byteSize:N0} bytes): {InUse:N0} of {Budget:N0} bytes are in use"
            + $"{(reason is null ? "" : $" ({reason})")}. Largest: {string.Join(", ", largest)}. Free tensors, use a step scope, or raise Execution:MemoryBudget.");
    }
}
