using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Threading;
using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Slices along an axis chosen by indices, which are clamped.</summary>
internal sealed unsafe class GatherCall(Axis axis, long count, DType indexType, int elementSize) : LibraryCall
{
    private const long PieceBytes = 1 << 16;

    public override void Run(byte** inputs, byte** outputs, in RunContext context)
    {
        var slice = axis.Inner * elementSize;
        var work = new Work { Axis = axis, Count = count, IndexType = indexType, Slice = slice, From = inputs[0], Indices = inputs[1], To = outputs[0], PerPiece = Math.Max(1, PieceBytes / Math.Max(1, slice)) };
        context.Workers.Run(ref work, (axis.Outer * count + work.PerPiece - 1) / work.PerPiece);
    }

    private struct Work : IWork
    {
        public Axis Axis;
        public long Count, Slice, PerPiece;
        public DType IndexType;
        public byte* From, Indices, To;

        public readonly void Run(long piece)
        {
            var last = Math.Min(Axis.Outer * Count, (piece + 1) * PerPiece);
            for (var i = piece * PerPiece; i < last; i++)
            {
                var index = Math.Clamp(IndexList.At(Indices, IndexType, i % Count), 0, Axis.Size - 1);
                Buffer.MemoryCopy(From + (((i / Count * Axis.Size) + index) * Slice), To + (i * Slice), Slice, Slice);
            }
        }
    }
}
