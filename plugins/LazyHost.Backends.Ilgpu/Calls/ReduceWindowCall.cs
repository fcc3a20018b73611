using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>A fold over a sliding window; padding counts as the identity. A thread makes a result.</summary>
internal sealed class ReduceWindowCall<TStored, T, TStorage, TFold>(DeviceSession session, PrimitiveStep step, WindowDimensions window, T identity) : DeviceStep
    where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> where TFold : struct, IFold<T>
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<TStored>, WindowDimensions, T> launch =
        session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<TStored>, WindowDimensions, T>>(((Delegate)Kernel).Method);

    public override void Enqueue(RunContext context)
    {
        var results = window.Planes * window.ResultCount;
        if (results > 0) launch(context.Stream, Grids.Each(results), context.View<TStored>(step.Inputs[0]), context.View<TStored>(step.Outputs[0]), window, identity);
    }

    private static void Kernel(ArrayView<TStored> from, ArrayView<TStored> to, WindowDimensions window, T identity)
    {
        for (var i = Walk.First; i < window.Planes * window.ResultCount; i += Walk.Step)
        {
            var rest = i;
            window.D.Elements(ref rest, out var firstD, out var endD);
            window.C.Elements(ref rest, out var firstC, out var endC);
            window.B.Elements(ref rest, out var firstB, out var endB);
            window.A.Elements(ref rest, out var firstA, out var endA);
            var result = identity;
            for (var a = firstA; a < endA; a++)
                for (var b = firstB; b < endB; b++)
                    for (var c = firstC; c < endC; c++)
                    {
                        var row = (rest * window.OverCount) + (a * window.A.OverStride) + (b * window.B.OverStride) + (c * window.C.OverStride);
                        for (var d = firstD; d < endD; d++) result = TFold.Apply(result, TStorage.Widen(from[row + (d * window.D.OverStride)]));
                    }
            to[i] = TStorage.Narrow(result);
        }
    }
}
