namespace LazyHost.Backends.Reference;

/// <summary>A buffer in managed memory. No pointer to it leaves the backend, so its alignment is nobody's concern.</summary>
internal sealed class HostBuffer : IDeviceBuffer
{
    private readonly MemoryAccount account;
    private byte[]? bytes;

    public HostBuffer(long byteSize, MemoryAccount account)
    {
        if (byteSize < 0 || byteSize > Array.MaxLength)
            throw new DeviceMemoryException($"cannot allocate {byteSize} bytes in one buffer; the reference backend holds 0 to {Array.MaxLength}");
        try { bytes = GC.AllocateUninitializedArray<byte>((int)byteSize); }
        catch (OutOfMemoryException e) { throw new DeviceMemoryException($"the host has no memory left for a buffer of {byteSize} bytes", e); }
        ByteSize = byteSize;
        this.account = account;
        account.Take(byteSize);
    }

    public long ByteSize { get; }

    public byte[] Bytes => bytes ?? throw new ObjectDisposedException(nameof(HostBuffer), "the buffer was used after it was given back");

    /// <summary>The buffer behind the interface.</summary>
    public static HostBuffer From(IDeviceBuffer buffer) =>
        buffer as HostBuffer ?? throw new TransferException($"{buffer?.GetType().Name ?? "null"} was not allocated by the reference backend");

    /// <summary>The first <paramref name="byteSize"/> bytes.</summary>
    public Span<byte> Span(long byteSize) =>
        byteSize >= 0 && byteSize <= ByteSize ? Bytes.AsSpan(0, (int)byteSize) : throw new TransferException($"cannot copy {byteSize} bytes from or to a buffer of {ByteSize}");

    public void Dispose()
    {
        if (Interlocked.Exchange(ref bytes, null) is not null) account.GiveBack(ByteSize);
    }
}
