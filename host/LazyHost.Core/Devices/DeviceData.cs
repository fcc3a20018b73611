namespace LazyHost;

/// <summary>
/// A value on a device: a buffer, or up to 64 KiB in managed memory, and how far along it is. A sealed class of the host's: the plugin's buffer inside can be
/// cleared. Immutable once ready.
/// </summary>
internal sealed class DeviceData : TensorSource
{
    /// <summary>Values up to this size leave the device when they complete.</summary>
    public const long ManagedLimit = 64 * 1024;

    private const int Dropped = 1 << 30, Freed = 1 << 29;
    private const string Donated = "a captured function has updated its variable in place";

    // Small: a captured function makes one for every result.
    private readonly Shape shape;
    private readonly DType type;
    private object? memory; // a BufferHandle, or the Lease of one
    private byte[]? managed;
    private object? origin; // the Async that computes it, then its Step
    private string? gone;
    private string? goneWhenReleased;
    private Tensor? variable;
    private DeviceData? replaced;
    private bool isLost;
    private int holds;
    /// <summary>The number of pins, and whether the buffer may be, and has been, given back.</summary>
    private int state;

    private DeviceData(Device device, TensorType type, BufferHandle? buffer = null) : base(device)
    {
        (shape, this.type) = (type.Shape, type.DType);
        memory = buffer is { SmallClass: < 0 } ? new Lease(buffer) : buffer;
    }

    public TensorType Type => new(type, shape);

    /// <summary>The step that computed it, or null.</summary>
    public Step? Step => Volatile.Read(ref origin) is var from && from is Async run ? run.Step : (Step?)from;

    /// <summary>The variable it was written to, and the value it replaced there: given back when it is replaced itself.</summary>
    public (Tensor Variable, DeviceData Data)? Replaced
    {
        get => variable is { } written && replaced is { } data ? (written, data) : null;
        set => (variable, replaced) = (value?.Variable, value?.Data);
    }

    /// <summary>True when more than one tensor holds it: then it is never recycled.</summary>
    public bool IsShared { get; set; }

    /// <summary>True for one that was no root of its segment by itself: computed again, or with it because it was learned.</summary>
    public bool IsLearned { get; set; }

    /// <summary>True for a value that a captured function has written to a tensor of the caller's, and that nothing recorded has used: the next run may write over it.</summary>
    public bool IsOverwritable { get; set; }

    /// <summary>The hash of managed bytes, or 0 before somebody needed it.</summary>
    public ulong ContentHash { get; set; }

    /// <summary>A value in managed memory.</summary>
    public static DeviceData FromManaged(Device device, TensorType type, byte[] bytes) => new(device, type) { managed = bytes };

    /// <summary>A value in a buffer.</summary>
    public static DeviceData FromBuffer(Device device, TensorType type, BufferHandle buffer) => new(device, type, buffer);

    /// <summary>A value a run will compute.</summary>
    public static DeviceData Placeholder(TensorType type, BufferHandle buffer, Async run) => new(run.Device, type, buffer) { origin = run };

    /// <summary>The run that computes it, or null once it has succeeded.</summary>
    public Async? Producer => Volatile.Read(ref origin) as Async;

    public byte[]? Managed => Volatile.Read(ref managed);

    public BufferHandle? Handle => Volatile.Read(ref memory) is var held && held is Lease lease ? lease.Buffer : held as BufferHandle;

    /// <summary>True when it has been given back and cannot be read any more.</summary>
    public bool IsGone => gone is not null;

    /// <summary>True when it has been given back, or will be as soon as no step may come back to it.</summary>
    public bool IsGoing => Volatile.Read(ref goneWhenReleased) is not null;

    /// <summary>True when it had been computed, and has been given back.</summary>
    public bool IsExpired => gone is not null && Producer is null;

    /// <summary>Throws where the value is no more.</summary>
    /// <exception cref="ExpiredValueException">It was recycled.</exception>
    /// <exception cref="LostValueException">It was written over by a run that failed.</exception>
    /// <exception cref="ExecutionException">The run that computes it failed.</exception>
    public void RequirePresent()
    {
        // Between a donation's claim and its reason.
        if (gone is null && (Volatile.Read(ref state) & Freed) != 0 && Managed is null) SpinWait.SpinUntil(() => gone is not null);
        Producer?.ThrowIfFailed();
        if (gone is not null && isLost) throw new LostValueException($"a value of type {Type} on {Device.Id} is lost: {gone}");
        if (gone is not null) throw new ExpiredValueException($"a value of type {Type} on {Device.Id} is gone: {gone}. Call Keep() on a tensor you need for longer.");
    }

    /// <summary>Keeps the buffer from being given back until <see cref="Unpin"/>, which must follow in any case. False where it has been already.</summary>
    public bool Pin() => (Interlocked.Increment(ref state) & Freed) == 0;

    /// <summary>Pins it to write over it. False where somebody else may still need what it is now.</summary>
    public bool TryClaim() => IsOverwritable && !IsShared && Producer is null && Volatile.Read(ref holds) == 0 && Interlocked.CompareExchange(ref state, 1, 0) == 0;

    /// <summary>Ends a claim: after a failure the value is no more.</summary>
    public void EndClaim(string? failure)
    {
        if (failure is not null)
        {
            isLost = true;
            Go(failure);
        }
        Unpin();
    }

    /// <summary>True where a pinned value is held by nobody but its variable and that pin.</summary>
    public bool MayDonate => !IsShared && Producer is null && Managed is null && Volatile.Read(ref memory) is Lease && Volatile.Read(ref holds) == 0 && Volatile.Read(ref state) == 1;

    /// <summary>True where its buffer has become that of a newer value of its variable, which others are about to see.</summary>
    public bool IsDonated => ReferenceEquals(gone, Donated);

    /// <summary>Gives its buffer, pinned by the caller alone, to a value that takes its place. Null where somebody else may still need what it is now.</summary>
    public BufferHandle? TryDonate()
    {
        if (!MayDonate || Volatile.Read(ref memory) is not Lease lease) return null;
        if (Interlocked.CompareExchange(ref state, 1 | Dropped | Freed, 1) != 1) return null;
        gone = Donated;
        lease.Cancel();
        return lease.Buffer;
    }

    /// <summary>Takes its buffer back from a value that was never computed.</summary>
    public void TakeBack(DeviceData from)
    {
        (Interlocked.Exchange(ref from.memory, null) as Lease)?.Cancel();
        TakeBack();
    }

    /// <summary>Takes its buffer back before anybody else was given it.</summary>
    public void TakeBack()
    {
        GC.ReRegisterForFinalize(memory!);
        gone = null;
        Interlocked.And(ref state, ~(Dropped | Freed));
    }

    /// <summary>Whoever asks for it is told that it is lost, where its buffer was given away.</summary>
    public void LoseDonated(string reason)
    {
        if (!IsDonated) return;
        isLost = true;
        gone = reason;
    }

    public void Unpin()
    {
        if (Interlocked.Decrement(ref state) == Dropped && Interlocked.CompareExchange(ref state, Dropped | Freed, Dropped) == Dropped) Free();
    }

    /// <summary>Gives the buffer back as soon as no recorded or running segment needs it, and no step that it belongs to the past of.</summary>
    public void Recycle(string reason)
    {
        if (IsShared) return;
        Volatile.Write(ref goneWhenReleased, goneWhenReleased ?? reason);
        Interlocked.MemoryBarrier(); // either this sees no hold, or the last Unhold sees the reason
        if (Volatile.Read(ref holds) == 0) Go(reason);
    }

    /// <summary>A step may come back to it: it is not recycled before <see cref="Unhold"/>.</summary>
    public void Hold() => Interlocked.Increment(ref holds);

    /// <summary>The step is over. After it came <paramref name="back"/> to this value, nothing that was to recycle it counts.</summary>
    public void Unhold(bool back)
    {
        if (back) goneWhenReleased = null;
        if (Interlocked.Decrement(ref holds) == 0 && Volatile.Read(ref goneWhenReleased) is { } reason) Go(reason);
    }

    /// <summary>The run succeeded.</summary>
    public void Complete() => Volatile.Write(ref origin, Step);

    /// <summary>Moves the value to managed memory and gives the buffer back.</summary>
    public void MoveToManaged(byte[] bytes)
    {
        Volatile.Write(ref managed, bytes);
        Drop();
    }

    private void Go(string reason)
    {
        gone ??= reason;
        Drop();
    }

    private void Drop()
    {
        int now;
        do now = state;
        while (Interlocked.CompareExchange(ref state, now | Dropped | (now == 0 ? Freed : 0), now) != now);
        if (now == 0) Free();
    }

    private void Free()
    {
        var freed = Interlocked.Exchange(ref memory, null);
        var lease = freed as Lease;
        (lease?.Buffer ?? freed as BufferHandle)?.Release();
        lease?.Cancel();
    }

    /// <summary>Gives a buffer back when only the collector still knows of it. Values that are sure to be freed by their run have none.</summary>
    private sealed class Lease(BufferHandle buffer)
    {
        ~Lease() => buffer.Release();

        public BufferHandle Buffer => buffer;

        public void Cancel() => GC.SuppressFinalize(this);
    }
}
