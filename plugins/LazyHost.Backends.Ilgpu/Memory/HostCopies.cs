using ILGPU;
using ILGPU.Runtime;

namespace LazyHost.Backends.Ilgpu.Memory;

/// <summary>Copies between host and device, through pinned pieces on a stream of their own: while the device moves one piece, the host fills or empties the other, and
/// programs run on.</summary>
internal sealed class HostCopies(Accelerator accelerator, PinnedMemory pinned) : IDisposable
{
    private readonly AcceleratorStream stream = accelerator.CreateStream();
    private readonly Lock gate = new();

    public void ToDevice(ReadOnlyMemory<byte> source, ArrayView<byte> destination)
    {
        var pieces = new Piece[2];
        try
        {
            accelerator.Bind();
            for (var (at, turn) = (0, 0); at < source.Length; turn ^= 1)
            {
                ref var piece = ref pieces[turn];
                piece.Begin(pinned);
                var length = Math.Min(PinnedMemory.PieceBytes, source.Length - at);
                source.Span.Slice(at, length).CopyTo(piece.Memory!.Span);
                lock (gate)
                {
                    destination.SubView(at, length).CopyFromCPUUnsafeAsync(stream, ref piece.Memory.Span[0], length);
                    piece.Copied = Mark();
                }
                at += length;
            }
        }
        finally { End(pieces); }
    }

    public void ToHost(ArrayView<byte> source, Memory<byte> destination)
    {
        var pieces = new Piece[2];
        try
        {
            accelerator.Bind();
            for (var (at, turn) = (0, 0); at < destination.Length; turn ^= 1)
            {
                ref var piece = ref pieces[turn];
                piece.Deliver(destination.Span);
                piece.Begin(pinned);
                piece.At = at;
                piece.Length = Math.Min(PinnedMemory.PieceBytes, destination.Length - at);
                lock (gate)
                {
                    source.SubView(at, piece.Length).CopyToCPUUnsafeAsync(stream, ref piece.Memory!.Span[0], piece.Length);
                    piece.Copied = Mark();
                }
                at += piece.Length;
            }
            for (var i = 0; i < pieces.Length; i++) pieces[i].Deliver(destination.Span);
        }
        finally { End(pieces); }
    }

    public void Within(ArrayView<byte> source, ArrayView<byte> destination)
    {
        accelerator.Bind();
        ProfilingMarker copied;
        lock (gate)
        {
            destination.CopyFrom(stream, source);
            copied = Mark();
        }
        using (copied) copied.Synchronize();
    }

    public void Dispose() => stream.Dispose();

    /// <summary>Waits before memory goes back that the device may still use.</summary>
    private void End(Piece[] pieces)
    {
        try
        {
            foreach (var piece in pieces) using (piece.Copied) piece.Copied?.Synchronize();
        }
        finally
        {
            foreach (var piece in pieces) if (piece.Memory is not null) pinned.Return(piece.Memory);
        }
    }

    /// <summary>The event behind the copy that was just told. Where there is none, the copy is waited for: its memory must not be given back before.</summary>
    private ProfilingMarker Mark()
    {
        try { return stream.AddProfilingMarker(); }
        catch
        {
            stream.Synchronize();
            throw;
        }
    }

    private struct Piece
    {
        public PageLockedArray1D<byte>? Memory;
        public ProfilingMarker? Copied;
        public int At, Length;

        public void Begin(PinnedMemory pinned)
        {
            Memory ??= pinned.Rent();
            using (Copied) Copied?.Synchronize();
            Copied = null;
        }

        public void Deliver(Span<byte> destination)
        {
            if (Copied is null) return;
            using (Copied) Copied.Synchronize();
            Copied = null;
            Memory!.Span[..Length].CopyTo(destination.Slice(At, Length));
        }
    }
}
