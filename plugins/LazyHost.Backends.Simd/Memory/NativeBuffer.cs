namespace LazyHost.Backends.Simd.Memory;

/// <summary>A block of native memory on loan from a <see cref="NativePool"/>.</summary>
internal sealed unsafe class NativeBuffer(NativePool pool, byte* pointer, long byteSize, long blockSize) : IDeviceBuffer
{
    private byte* pointer = pointer;

    public long ByteSize { get; } = byteSize;

    /// <summary>The size of the block it lies in.</summary>
    public long BlockSize { get; } = blockSize;

    /// <summary>The first byte, 64-byte aligned.</summary>
    public byte* Pointer => pointer is not null ? pointer : throw new ObjectDisposedException(nameof(NativeBuffer), "the buffer was given back to its backend already");

    public Span<byte> Span(long length)
    {
        if (length > ByteSize) throw new TransferException($"{length} bytes do not fit a buffer of {ByteSize}; allocate it larger");
        return new(Pointer, checked((int)length));
    }

    public void Dispose()
    {
        var block = pointer;
        if (block is null) return;
        pointer = null;
        pool.Return(block, this);
    }
}
