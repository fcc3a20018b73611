using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>
/// Writes or adds updates along an axis at indices; indices out of range are skipped. A thread makes an element of the result of all its updates, in their order; where there are many indices it finds them by
/// bisection in the sorted ones. So nothing depends on which thread comes first.
/// </summary>
/// <param name="session">The device.</param>
/// <param name="step">The buffers.</param>
/// <param name="axis">The tensor written to.</param>
/// <param name="count">The number of indices, or of elements along the axis where each element has its own index.</param>
/// <param name="isEach">True when every element has an index.</param>
/// <param name="mode">What happens at the place.</param>
internal sealed class ScatterCall<TStored, T, TStorage, TIndex, TIndexStorage>(DeviceSession session, PrimitiveStep step, Axis axis, long count, bool isEach, ScatterMode mode) : DeviceStep
    where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    where TIndex : unmanaged, INumber<TIndex> where TIndexStorage : struct, IStorage<TIndex, long>
{
    private const long FewIndices = 32;

    private readonly Axis indices = isEach ? new(axis.Outer, count, axis.Inner) : new(1, count, 1);
    private readonly FewLauncher? few = count <= FewIndices ? session.Kernels.Get<FewLauncher>(((Delegate)Few).Method) : null;
    private readonly SortedLauncher? sorted = count <= FewIndices ? null : session.Kernels.Get<SortedLauncher>(((Delegate)Sorted).Method);
    private readonly LineSorter<TIndex, TIndex, PlainStorage<TIndex>>? sorter = count <= FewIndices ? null
        : new(session, isEach ? new(axis.Outer, count, axis.Inner) : new(1, count, 1), isEach ? new(axis.Lines, count, 1) : new(1, count, 1), isDescending: false);

    private delegate void FewLauncher(
        AcceleratorStream stream, KernelConfig config, ArrayView<TStored> from, ArrayView<TIndex> indices, ArrayView<TStored> updates, ArrayView<TStored> to, Axis axis, long count, int isEach, int mode);

    private delegate void SortedLauncher(
        AcceleratorStream stream, KernelConfig config, ArrayView<TStored> from, ArrayView<TIndex> sorted, ArrayView<long> places, ArrayView<TStored> updates, ArrayView<TStored> to, Axis axis, long count, int isEach, int mode);

    public override unsafe void Enqueue(RunContext context)
    {
        if (axis.Count == 0) return;
        var (from, updates, to, chosen) = (context.View<TStored>(step.Inputs[0]), context.View<TStored>(step.Inputs[2]), context.View<TStored>(step.Outputs[0]), context.View<TIndex>(step.Inputs[1]));
        if (sorter is null)
        {
            few!(context.Stream, Grids.Each(axis.Count), from, chosen, updates, to, axis, count, isEach ? 1 : 0, (int)mode);
            return;
        }
        using var rented = context.Rent(indices.Count * (sizeof(long) + sizeof(TIndex)));
        var (places, values) = (rented.View.SubView(0, indices.Count * sizeof(long)).Cast<long>(), rented.View.SubView(indices.Count * sizeof(long)).Cast<TIndex>());
        sorter.Enqueue(context, chosen, values, places);
        sorted!(context.Stream, Grids.Each(axis.Count), from, values, places, updates, to, axis, count, isEach ? 1 : 0, (int)mode);
    }

    private static void Few(ArrayView<TStored> from, ArrayView<TIndex> indices, ArrayView<TStored> updates, ArrayView<TStored> to, Axis axis, long count, int isEach, int mode)
    {
        for (var place = Walk.First; place < axis.Outer * axis.Size * axis.Inner; place += Walk.Step)
        {
            var outer = Division.Divide(Division.Divide(place, axis.Inner, out var inner), axis.Size, out var index);
            var value = TStorage.Widen(from[place]);
            for (long i = 0; i < count; i++)
            {
                var update = (((outer * count) + i) * axis.Inner) + inner;
                if (TIndexStorage.Widen(indices[isEach == 1 ? update : i]) == index) value = Apply(value, TStorage.Widen(updates[update]), mode);
            }
            to[place] = TStorage.Narrow(value);
        }
    }

    private static void Sorted(ArrayView<TStored> from, ArrayView<TIndex> sorted, ArrayView<long> places, ArrayView<TStored> updates, ArrayView<TStored> to, Axis axis, long count, int isEach, int mode)
    {
        for (var place = Walk.First; place < axis.Outer * axis.Size * axis.Inner; place += Walk.Step)
        {
            var outer = Division.Divide(Division.Divide(place, axis.Inner, out var inner), axis.Size, out var index);
            var low = isEach == 1 ? ((outer * axis.Inner) + inner) * count : 0;
            var (high, end) = (low + count, low + count);
            while (low < high)
            {
                var middle = (low + high) >> 1;
                if (TIndexStorage.Widen(sorted[middle]) < index) low = middle + 1;
                else high = middle;
            }
            var value = TStorage.Widen(from[place]);
            for (; low < end && TIndexStorage.Widen(sorted[low]) == index; low++)
                value = Apply(value, TStorage.Widen(updates[(((outer * count) + places[low]) * axis.Inner) + inner]), mode);
            to[place] = TStorage.Narrow(value);
        }
    }

    private static T Apply(T value, T update, int mode)
    {
        if (mode == (int)ScatterMode.Write) return update;
        if (mode == (int)ScatterMode.Add) return value + update;
        return value == T.Zero && update == T.Zero ? T.Zero : T.One;
    }
}
