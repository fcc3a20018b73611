namespace LazyHost;

/// <summary>
/// A value on a device: a buffer, or up to 64 KiB in managed memory, and how far along it is. A sealed class of the host's: the plugin's buffer inside can be
/// cleared. Immutable once ready.
/// </summary>
internal sealed class DeviceData
{
    /// <summary>Values up to this size leave the device when they complete.</summary>
    public const long ManagedLimit = 64 * 1024;

    private readonly Lease? lease;
    private BufferHandle? handle;
    private byte[]? managed;
    private Async? producer;
    private string? gone;
    private int pins;
    private bool drop;

    private DeviceData(Device device, TensorType type, BufferHandle? buffer = null)
    {
        (Device, Type, handle) = (device, type, buffer);
        if (buffer is { SmallClass: < 0 }) lease = new(buffer);
    }

    public Device Device { get; }

    public TensorType Type { get; }

    /// <summary>The value it replaced, until the run that computes it has succeeded.</summary>
    public DeviceData? Replaced { get; set; }

    /// <summary>True when more than one tensor holds it: then it is never recycled.</summary>
    public bool IsShared { get; set; }

    /// <summary>The hash of managed bytes, once somebody needed it.</summary>
    public UInt128? ContentHash { get; set; }

    /// <summary>A value in managed memory.</summary>
    public static DeviceData FromManaged(Device device, TensorType type, byte[] bytes) => new(device, type) { managed = bytes };

    /// <summary>A value in a buffer.</summary>
    public static DeviceData FromBuffer(Device device, TensorType type, BufferHandle buffer) => new(device, type, buffer);

    /// <summary>A value a run will compute.</summary>
    public static DeviceData Placeholder(Device device, TensorType type, BufferHandle buffer, Async run) => new(device, type, buffer) { producer = run };

    /// <summary>The run that computes it, or null once it has succeeded.</summary>
    public Async? Producer => Volatile.Read(ref producer);

    public byte[]? Managed => managed;

    public BufferHandle? Handle => handle;

    /// <summary>True when it has been given back and cannot be read any more.</summary>
    public bool IsGone => gone is not null;

    /// <summary>Throws where the value is no more.</summary>
    /// <exception cref="ExpiredValueException">It was recycled.</exception>
    /// <exception cref="ExecutionException">The run that computes it failed.</exception>
    public void RequirePresent()
    {
        if (Producer is { Error: { } error }) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        if (gone is not null) throw new ExpiredValueException($"a value of type {Type} on {Device.Id} is gone: {gone}. Call Keep() on a tensor you need for longer.");
    }

    /// <summary>This value, or where its run failed, the last good one it was to replace.</summary>
    public DeviceData LastGood()
    {
        var last = this;
        while (last is { Producer.Error: not null, Replaced: { } earlier }) last = earlier;
        return last;
    }

    /// <summary>Keeps the buffer from being recycled until <see cref="Unpin"/>.</summary>
    public void Pin() => Interlocked.Increment(ref pins);

    public void Unpin()
    {
        if (Interlocked.Decrement(ref pins) == 0 && Volatile.Read(ref drop)) Free();
    }

    /// <summary>Gives the buffer back as soon as no recorded or running segment needs it.</summary>
    public void Recycle(string reason)
    {
        if (IsShared) return;
        gone ??= reason;
        Drop();
    }

    /// <summary>The run succeeded.</summary>
    public void Complete() => Volatile.Write(ref producer, null);

    /// <summary>Moves the value to managed memory and gives the buffer back.</summary>
    public void MoveToManaged(byte[] bytes)
    {
        managed = bytes;
        Drop();
    }

    private void Drop()
    {
        Volatile.Write(ref drop, true);
        if (Volatile.Read(ref pins) == 0) Free();
    }

    private void Free()
    {
        var freed = Interlocked.Exchange(ref handle, null);
        freed?.Release();
        lease?.Cancel();
    }

    /// <summary>Gives a buffer back when only the collector still knows of it. Values that are sure to be freed by their run have none.</summary>
    private sealed class Lease(BufferHandle buffer)
    {
        ~Lease() => buffer.Release();

        public void Cancel() => GC.SuppressFinalize(this);
    }
}
