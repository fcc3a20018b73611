using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>Running folds along an axis. A group scans a long line, 256 elements at a time; a thread a short one.</summary>
internal sealed class CumulativeCall<TStored, T, TStorage, TFold>(DeviceSession session, PrimitiveStep step, Axis axis, bool isReversed) : DeviceStep
    where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> where TFold : struct, IFold<T>
{
    private readonly bool isShared = Lines.AreShared(axis);
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<TStored>, Axis, int> launch =
        session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<TStored>, Axis, int>>((Lines.AreShared(axis) ? (Delegate)ByGroup : Each).Method);

    public override void Enqueue(RunContext context)
    {
        if (axis.Count > 0)
            launch(context.Stream, isShared ? Grids.Groups(axis.Lines) : Grids.Each(axis.Lines), context.View<TStored>(step.Inputs[0]), context.View<TStored>(step.Outputs[0]), axis, isReversed ? 1 : 0);
    }

    private static void Each(ArrayView<TStored> from, ArrayView<TStored> to, Axis axis, int isReversed)
    {
        for (var line = Walk.First; line < axis.Lines; line += Walk.Step)
        {
            var start = (Division.Divide(line, axis.Inner, out var inner) * axis.Size * axis.Inner) + inner;
            var sum = TStorage.Widen(from[start + (isReversed * (axis.Size - 1) * axis.Inner)]);
            for (long i = 0; i < axis.Size; i++)
            {
                var place = start + ((isReversed == 1 ? axis.Size - 1 - i : i) * axis.Inner);
                if (i > 0) sum = TFold.Apply(sum, TStorage.Widen(from[place]));
                to[place] = TStorage.Narrow(sum);
            }
        }
    }

    private static void ByGroup(ArrayView<TStored> from, ArrayView<TStored> to, Axis axis, int isReversed)
    {
        var sums = SharedMemory.Allocate<T>(Grids.Threads);
        for (long line = Grid.IdxX; line < axis.Lines; line += Grid.DimX)
        {
            var start = (Division.Divide(line, axis.Inner, out var inner) * axis.Size * axis.Inner) + inner;
            T before = T.Zero;
            for (long first = 0; first < axis.Size; first += Group.DimX)
            {
                var i = first + Group.IdxX;
                var place = start + ((isReversed == 1 ? axis.Size - 1 - i : i) * axis.Inner);
                var sum = i < axis.Size ? TStorage.Widen(from[place]) : T.Zero;
                if (i > 0 && Group.IdxX == 0) sum = TFold.Apply(before, sum);
                sums[Group.IdxX] = sum;
                Group.Barrier();
                // Each round adds what the thread so many places before has: then a thread has the sum of twice as many.
                for (var distance = 1; distance < Group.DimX; distance <<= 1)
                {
                    if (Group.IdxX >= distance) sum = TFold.Apply(sums[Group.IdxX - distance], sum);
                    Group.Barrier();
                    sums[Group.IdxX] = sum;
                    Group.Barrier();
                }
                if (i < axis.Size) to[place] = TStorage.Narrow(sum);
                before = sums[Group.DimX - 1];
                Group.Barrier();
            }
        }
    }
}
