using System.Collections.Concurrent;
using ILGPU.Runtime;

namespace LazyHost.Backends.Ilgpu.Memory;

/// <summary>Host memory the device can copy from and to by itself, in pieces of one size that are kept for the next copy.</summary>
internal sealed class PinnedMemory(Accelerator accelerator) : IDisposable
{
    /// <summary>The size of a piece in bytes.</summary>
    public const int PieceBytes = 4 << 20;

    private readonly ConcurrentBag<PageLockedArray1D<byte>> free = [];

    public PageLockedArray1D<byte> Rent()
    {
        if (free.TryTake(out var piece)) return piece;
        accelerator.Bind();
        return accelerator.AllocatePageLocked1D<byte>(PieceBytes, uninitialized: true);
    }

    public void Return(PageLockedArray1D<byte> piece) => free.Add(piece);

    public void Dispose()
    {
        while (free.TryTake(out var piece)) piece.Dispose();
    }
}
