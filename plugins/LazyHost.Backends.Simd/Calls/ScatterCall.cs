using System.Numerics;
using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Threading;
using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Writes or adds updates along an axis at indices, in their order; indices out of range are skipped. Threads share the columns, never an order.</summary>
/// <param name="axis">The tensor written to.</param>
/// <param name="count">The number of indices, or of elements along the axis where each element has its own index.</param>
/// <param name="indexType">i32 or i64.</param>
/// <param name="isEach">True when every element has an index.</param>
/// <param name="mode">What happens at the place.</param>
internal sealed unsafe class ScatterCall<T>(Axis axis, long count, DType indexType, bool isEach, ScatterMode mode) : LibraryCall where T : unmanaged, INumber<T>
{
    private const long PieceColumns = 1024;

    public override void Run(byte** inputs, byte** outputs, in RunContext context)
    {
        var bytes = axis.Outer * axis.Size * axis.Inner * sizeof(T);
        if (inputs[0] != outputs[0]) Buffer.MemoryCopy(inputs[0], outputs[0], bytes, bytes);
        var work = new Work { Axis = axis, Count = count, IndexType = indexType, IsEach = isEach, Mode = mode, Indices = inputs[1], Updates = (T*)inputs[2], To = (T*)outputs[0] };
        context.Workers.Run(ref work, axis.Outer * work.ColumnPieces);
    }

    private struct Work : IWork
    {
        public Axis Axis;
        public long Count;
        public DType IndexType;
        public bool IsEach;
        public ScatterMode Mode;
        public byte* Indices;
        public T* Updates, To;

        public readonly long ColumnPieces => Math.Max(1, (Axis.Inner + PieceColumns - 1) / PieceColumns);

        public readonly void Run(long piece)
        {
            var (outer, first) = (piece / ColumnPieces, piece % ColumnPieces * PieceColumns);
            var last = Math.Min(Axis.Inner, first + PieceColumns);
            for (long i = 0; i < Count; i++)
            {
                var from = ((outer * Count) + i) * Axis.Inner;
                var shared = IsEach ? 0 : IndexList.At(Indices, IndexType, i);
                for (var n = first; n < last; n++)
                {
                    var index = IsEach ? IndexList.At(Indices, IndexType, from + n) : shared;
                    if (index < 0 || index >= Axis.Size) continue;
                    var place = To + (((outer * Axis.Size) + index) * Axis.Inner) + n;
                    var update = Updates[from + n];
                    *place = Mode switch
                    {
                        ScatterMode.Write => update,
                        ScatterMode.Add => *place + update,
                        _ => *place != T.Zero || update != T.Zero ? T.One : T.Zero,
                    };
                }
            }
        }
    }
}
