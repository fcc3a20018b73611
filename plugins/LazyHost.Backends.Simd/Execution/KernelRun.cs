using LazyHost.Backends.Simd.Emission;
using LazyHost.Backends.Simd.Threading;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Execution;

/// <summary>A kernel bound to buffers of the program, its points shared between threads where there are enough of them.</summary>
internal sealed unsafe class KernelRun : CompiledStep
{
    private const long PieceOperations = 1 << 16;
    private const long Alignment = 256;

    private readonly KernelBody body;
    private readonly int[] buffers;
    private readonly long points, piece;

    /// <param name="body">Code for the kernel with its buffers renumbered.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="buffers">The program's buffer for each of the kernel's.</param>
    public KernelRun(KernelBody body, Kernel kernel, int[] buffers)
    {
        (this.body, this.buffers) = (body, buffers);
        points = kernel.OuterCount;
        // About the same work for each piece; several pieces a thread even out what the other programs of the machine take away.
        var perPoint = Math.Max(1, kernel.Operations / Math.Max(1, points));
        var wanted = Math.Max(PieceOperations / perPoint, (points + 63) / 64);
        var unit = KernelShape.Walk(kernel) == KernelWalk.Row ? 1 : TransposedMap.Rewrite(kernel) is null ? Alignment : TransposedMap.Unit(kernel);
        piece = Math.Max(unit, (wanted + unit - 1) / unit * unit);
    }

    /// <summary>True for code that is more than one method.</summary>
    public bool IsInParts => body.Target is LongMap or TransposedMap { IsInParts: true };

    public override void Run(in RunContext context)
    {
        if (points == 0) return;
        var addresses = stackalloc byte*[buffers.Length + 1];
        for (var i = 0; i < buffers.Length; i++) addresses[i] = context.Buffers[buffers[i]];
        if (points <= piece || context.Workers.Threads == 1) { body(addresses, context.Scalars, 0, points); return; }
        var work = new Work { Body = body, Addresses = addresses, Scalars = context.Scalars, Points = points, Piece = piece };
        context.Workers.Run(ref work, (points + piece - 1) / piece);
    }

    private struct Work : IWork
    {
        public KernelBody Body;
        public byte** Addresses;
        public long* Scalars;
        public long Points, Piece;

        public readonly void Run(long index) => Body(Addresses, Scalars, index * Piece, Math.Min(Points, (index + 1) * Piece));
    }
}
