using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>Adds each source element at the place of its window's first greatest element; NaN is greatest. First a thread finds the place of a window, then a thread adds up what an element receives.</summary>
internal sealed class SelectAndScatterCall<TStored, T, TStorage>(DeviceSession session, PrimitiveStep step, WindowDimensions window) : DeviceStep
    where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<long>, WindowDimensions> select =
        session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<long>, WindowDimensions>>(((Delegate)Select).Method);

    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<long>, ArrayView<TStored>, ArrayView<TStored>, WindowDimensions> collect =
        session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<long>, ArrayView<TStored>, ArrayView<TStored>, WindowDimensions>>(((Delegate)Collect).Method);

    public override void Enqueue(RunContext context)
    {
        var (elements, results) = (window.Planes * window.OverCount, window.Planes * window.ResultCount);
        if (elements == 0) return;
        using var rented = context.Rent(results * sizeof(long));
        var places = rented.View.Cast<long>();
        if (results > 0) select(context.Stream, Grids.Each(results), context.View<TStored>(step.Inputs[0]), places, window);
        collect(context.Stream, Grids.Each(elements), places, context.View<TStored>(step.Inputs[1]), context.View<TStored>(step.Outputs[0]), window);
    }

    private static void Select(ArrayView<TStored> from, ArrayView<long> places, WindowDimensions window)
    {
        for (var i = Walk.First; i < window.Planes * window.ResultCount; i += Walk.Step)
        {
            var rest = i;
            window.D.Elements(ref rest, out var firstD, out var endD);
            window.C.Elements(ref rest, out var firstC, out var endC);
            window.B.Elements(ref rest, out var firstB, out var endB);
            window.A.Elements(ref rest, out var firstA, out var endA);
            long place = -1;
            var greatest = T.Zero;
            for (var a = firstA; a < endA; a++)
                for (var b = firstB; b < endB; b++)
                    for (var c = firstC; c < endC; c++)
                        for (var d = firstD; d < endD; d++)
                        {
                            var at = (rest * window.OverCount) + (a * window.A.OverStride) + (b * window.B.OverStride) + (c * window.C.OverStride) + (d * window.D.OverStride);
                            var value = TStorage.Widen(from[at]);
                            if (place >= 0 && Order.Compare(value, greatest) <= 0) continue;
                            place = at;
                            greatest = value;
                        }
            places[i] = place;
        }
    }

    private static void Collect(ArrayView<long> places, ArrayView<TStored> source, ArrayView<TStored> to, WindowDimensions window)
    {
        for (var i = Walk.First; i < window.Planes * window.OverCount; i += Walk.Step)
        {
            var rest = i;
            window.D.Places(ref rest, out var firstD, out var endD);
            window.C.Places(ref rest, out var firstC, out var endC);
            window.B.Places(ref rest, out var firstB, out var endB);
            window.A.Places(ref rest, out var firstA, out var endA);
            var sum = T.Zero;
            for (var a = firstA; a < endA; a++)
                for (var b = firstB; b < endB; b++)
                    for (var c = firstC; c < endC; c++)
                        for (var d = firstD; d < endD; d++)
                        {
                            var result = (rest * window.ResultCount) + (a * window.A.ResultStride) + (b * window.B.ResultStride) + (c * window.C.ResultStride) + (d * window.D.ResultStride);
                            if (places[result] == i) sum += TStorage.Widen(source[result]);
                        }
            to[i] = TStorage.Narrow(sum);
        }
    }
}
