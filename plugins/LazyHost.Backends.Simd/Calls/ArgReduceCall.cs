using System.Numerics;
using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Threading;
using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>The index of the greatest or least along an axis: the first of equals, the first NaN if any.</summary>
internal sealed unsafe class ArgReduceCall<T>(Axis axis, bool isGreatest) : LibraryCall where T : unmanaged, INumber<T>
{
    public override void Run(byte** inputs, byte** outputs, in RunContext context)
    {
        var work = new Work { Axis = axis, IsGreatest = isGreatest, From = (T*)inputs[0], To = (long*)outputs[0] };
        context.Workers.Run(ref work, axis.Outer);
    }

    private struct Work : IWork
    {
        public Axis Axis;
        public bool IsGreatest;
        public T* From;
        public long* To;

        public readonly void Run(long outer)
        {
            for (long n = 0; n < Axis.Inner; n++)
            {
                var line = From + (outer * Axis.Size * Axis.Inner) + n;
                var (champion, index) = (*line, 0L);
                for (long i = 1; i < Axis.Size && !T.IsNaN(champion); i++)
                {
                    var challenger = line[i * Axis.Inner];
                    if (T.IsNaN(challenger) || (IsGreatest ? challenger > champion : challenger < champion)) (champion, index) = (challenger, i);
                }
                To[(outer * Axis.Inner) + n] = index;
            }
        }
    }
}
