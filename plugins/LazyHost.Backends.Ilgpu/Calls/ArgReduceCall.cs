using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>The index of the greatest or least along an axis: the first of equals, the first NaN if any. A group searches a long line, a thread a short one.</summary>
internal sealed class ArgReduceCall<TStored, T, TStorage>(DeviceSession session, PrimitiveStep step, Axis axis, bool isGreatest) : DeviceStep
    where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
{
    private readonly bool isShared = Lines.AreShared(axis);
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<long>, Axis, int> launch =
        session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<long>, Axis, int>>((Lines.AreShared(axis) ? (Delegate)ByGroup : Each).Method);

    public override void Enqueue(RunContext context)
    {
        if (axis.Lines > 0)
            launch(context.Stream, isShared ? Grids.Groups(axis.Lines) : Grids.Each(axis.Lines), context.View<TStored>(step.Inputs[0]), context.View<long>(step.Outputs[0]), axis, isGreatest ? 1 : -1);
    }

    private static void Each(ArrayView<TStored> from, ArrayView<long> to, Axis axis, int sign)
    {
        for (var line = Walk.First; line < axis.Lines; line += Walk.Step)
        {
            var start = (Division.Divide(line, axis.Inner, out var inner) * axis.Size * axis.Inner) + inner;
            var best = TStorage.Widen(from[start]);
            long index = 0;
            for (long i = 1; i < axis.Size; i++)
            {
                var value = TStorage.Widen(from[start + (i * axis.Inner)]);
                if (!Beats(value, i, best, index, sign)) continue;
                best = value;
                index = i;
            }
            to[line] = index;
        }
    }

    private static void ByGroup(ArrayView<TStored> from, ArrayView<long> to, Axis axis, int sign)
    {
        var values = SharedMemory.Allocate<T>(Grids.Threads);
        var indices = SharedMemory.Allocate<long>(Grids.Threads);
        for (long line = Grid.IdxX; line < axis.Lines; line += Grid.DimX)
        {
            var start = (Division.Divide(line, axis.Inner, out var inner) * axis.Size * axis.Inner) + inner;
            // Threads without an element of their own take the first one.
            long index = Group.IdxX < axis.Size ? Group.IdxX : 0;
            var best = TStorage.Widen(from[start + (index * axis.Inner)]);
            for (var i = index + Group.DimX; i < axis.Size; i += Group.DimX)
            {
                var value = TStorage.Widen(from[start + (i * axis.Inner)]);
                if (!Beats(value, i, best, index, sign)) continue;
                best = value;
                index = i;
            }
            values[Group.IdxX] = best;
            indices[Group.IdxX] = index;
            Group.Barrier();
            for (var half = Group.DimX >> 1; half > 0; half >>= 1)
            {
                if (Group.IdxX < half && Beats(values[Group.IdxX + half], indices[Group.IdxX + half], values[Group.IdxX], indices[Group.IdxX], sign))
                {
                    values[Group.IdxX] = values[Group.IdxX + half];
                    indices[Group.IdxX] = indices[Group.IdxX + half];
                }
                Group.Barrier();
            }
            if (Group.IdxX == 0) to[line] = indices[0];
            Group.Barrier();
        }
    }

    private static bool Beats(T value, long index, T best, long bestIndex, int sign)
    {
        var order = Order.Compare(value, best);
        // The first NaN is taken, whatever is looked for.
        if (!T.IsNaN(value) && !T.IsNaN(best)) order *= sign;
        return order > 0 || (order == 0 && index < bestIndex);
    }
}
