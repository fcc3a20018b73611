using System.Numerics;
using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Threading;
using LazyHost.IR;
using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Running sums, products, maxima and minima along an axis.</summary>
internal sealed unsafe class CumulativeCall<T>(Axis axis, PrimitiveKind kind, bool isReversed) : LibraryCall where T : unmanaged, INumber<T>
{
    public override void Run(byte** inputs, byte** outputs, in RunContext context)
    {
        var work = new Work { Axis = axis, Kind = kind, IsReversed = isReversed, From = (T*)inputs[0], To = (T*)outputs[0] };
        context.Workers.Run(ref work, axis.Outer);
    }

    private struct Work : IWork
    {
        public Axis Axis;
        public PrimitiveKind Kind;
        public bool IsReversed;
        public T* From, To;

        public readonly void Run(long outer)
        {
            var start = outer * Axis.Size * Axis.Inner;
            for (long i = 0; i < Axis.Size; i++)
            {
                var row = start + ((IsReversed ? Axis.Size - 1 - i : i) * Axis.Inner);
                var before = IsReversed ? row + Axis.Inner : row - Axis.Inner;
                for (long n = 0; n < Axis.Inner; n++)
                    To[row + n] = i == 0 ? From[row + n] : Fold(To[before + n], From[row + n]);
            }
        }

        private readonly T Fold(T a, T b) => Kind switch
        {
            PrimitiveKind.CumSum => a + b,
            PrimitiveKind.CumProd => a * b,
            PrimitiveKind.CumMax => T.Max(a, b),
            _ => T.Min(a, b),
        };
    }
}
