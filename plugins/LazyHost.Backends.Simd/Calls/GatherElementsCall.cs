using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Threading;
using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Single elements along an axis chosen by indices of the result's shape, which are clamped.</summary>
internal sealed unsafe class GatherElementsCall<T>(Axis axis, long count, DType indexType) : LibraryCall where T : unmanaged
{
    public override void Run(byte** inputs, byte** outputs, in RunContext context)
    {
        var work = new Work { Axis = axis, Count = count, IndexType = indexType, From = (T*)inputs[0], Indices = inputs[1], To = (T*)outputs[0] };
        context.Workers.Run(ref work, axis.Outer);
    }

    private struct Work : IWork
    {
        public Axis Axis;
        public long Count;
        public DType IndexType;
        public byte* Indices;
        public T* From, To;

        public readonly void Run(long outer)
        {
            for (long i = 0; i < Count; i++)
                for (long n = 0; n < Axis.Inner; n++)
                {
                    var place = (((outer * Count) + i) * Axis.Inner) + n;
                    var index = Math.Clamp(IndexList.At(Indices, IndexType, place), 0, Axis.Size - 1);
                    To[place] = From[(((outer * Axis.Size) + index) * Axis.Inner) + n];
                }
        }
    }
}
