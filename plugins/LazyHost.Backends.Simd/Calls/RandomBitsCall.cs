using System.Runtime.CompilerServices;
using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Threading;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Philox 4x32-10 (J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3, 2011): word i % 4 of the block with counter (i / 4, ordinal) and key seed.</summary>
internal sealed unsafe class RandomBitsCall(long count) : LibraryCall
{
    private const long PieceBlocks = 4096;

    public override void Run(byte** inputs, byte** outputs, in RunContext context)
    {
        var work = new Work { Seed = *(ulong*)inputs[0], Ordinal = *(ulong*)inputs[1], To = (uint*)outputs[0], Count = count };
        context.Workers.Run(ref work, (count + (4 * PieceBlocks) - 1) / (4 * PieceBlocks));
    }

    private struct Work : IWork
    {
        public ulong Seed, Ordinal;
        public uint* To;
        public long Count;

        public readonly void Run(long piece)
        {
            var (block, whole) = (piece * PieceBlocks, Math.Min((piece + 1) * PieceBlocks, Count / 4));
            for (; block < whole; block++) Write((ulong)block, To + (block * 4));
            if ((piece + 1) * PieceBlocks * 4 < Count || Count % 4 == 0) return;
            var words = stackalloc uint[4];
            Write((ulong)(Count / 4), words);
            for (var i = 0; i < Count % 4; i++) To[(Count & ~3L) + i] = words[i];
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Write(ulong block, uint* to)
        {
            var (c0, c1, c2, c3) = ((uint)block, (uint)(block >> 32), (uint)Ordinal, (uint)(Ordinal >> 32));
            var (k0, k1) = ((uint)Seed, (uint)(Seed >> 32));
            for (var round = 0; round < 10; round++)
            {
                var p0 = 0xD2511F53ul * c0;
                var p1 = 0xCD9E8D57ul * c2;
                (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
                k0 += 0x9E3779B9;
                k1 += 0xBB67AE85;
            }
            (to[0], to[1], to[2], to[3]) = (c0, c1, c2, c3);
        }
    }
}
