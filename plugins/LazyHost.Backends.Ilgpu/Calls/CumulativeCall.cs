using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>Running folds along an axis. A group scans a long line, 256 elements at a time; a thread a short one. Where long lines are few, groups share each of them: they fold all its pieces but the
/// last, a scan of these tells what comes before each piece, and the pieces are scanned from there.</summary>
internal sealed class CumulativeCall<TStored, T, TStorage, TFold> : DeviceStep
    where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> where TFold : struct, IFold<T>
{
    private readonly PrimitiveStep step;
    private readonly Axis axis;
    private readonly LineChunks chunks;
    private readonly int isReversed;
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<TStored>, Axis, int>? each;
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<T>, Axis, int, LineChunks>? fold;
    private readonly Scan<T>? scanFolds;
    private readonly Scan<TStored>? scan;

    public CumulativeCall(DeviceSession session, PrimitiveStep step, Axis axis, bool isReversed)
    {
        (this.step, this.axis, this.isReversed) = (step, axis, isReversed ? 1 : 0);
        if (!Lines.AreShared(axis))
        {
            each = session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<TStored>, Axis, int>>(((Delegate)Each).Method);
            return;
        }
        chunks = LineChunks.Of(axis);
        scan = session.Kernels.Get<Scan<TStored>>(((Delegate)ByGroup<TStored, TStorage>).Method);
        if (chunks.Count == 1) return;
        fold = session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<TStored>, ArrayView<T>, Axis, int, LineChunks>>(((Delegate)Fold).Method);
        scanFolds = session.Kernels.Get<Scan<T>>(((Delegate)ByGroup<T, PlainStorage<T>>).Method);
    }

    private delegate void Scan<TElement>(AcceleratorStream stream, KernelConfig config, ArrayView<TElement> from, ArrayView<TElement> to, ArrayView<T> before, Axis axis, int isReversed, LineChunks chunks)
        where TElement : unmanaged;

    public override void Enqueue(RunContext context)
    {
        if (axis.Count == 0) return;
        var (from, to) = (context.View<TStored>(step.Inputs[0]), context.View<TStored>(step.Outputs[0]));
        each?.Invoke(context.Stream, Grids.Each(axis.Lines), from, to, axis, isReversed);
        if (scan is null) return;
        var folds = axis.Lines * (chunks.Count - 1);
        using var rented = context.Rent(Math.Max(1, folds) * Unsafe.SizeOf<T>());
        var before = rented.View.Cast<T>();
        if (fold is not null)
        {
            fold(context.Stream, Grids.Groups(folds), from, before, axis, isReversed, chunks);
            scanFolds!(context.Stream, Grids.Groups(axis.Lines), before, before, before, new(axis.Lines, chunks.Count - 1, 1), 0, new(1, chunks.Count - 1));
        }
        scan(context.Stream, Grids.Groups(axis.Lines * chunks.Count), from, to, before, axis, isReversed, chunks);
    }

    private static void Each(ArrayView<TStored> from, ArrayView<TStored> to, Axis axis, int isReversed)
    {
        for (var line = Walk.First; line < axis.Lines; line += Walk.Step)
        {
            var start = Start(axis, line);
            var sum = TStorage.Widen(from[start + Offset(axis, 0, isReversed)]);
            for (long i = 0; i < axis.Size; i++)
            {
                var place = start + Offset(axis, i, isReversed);
                if (i > 0) sum = TFold.Apply(sum, TStorage.Widen(from[place]));
                to[place] = TStorage.Narrow(sum);
            }
        }
    }

    /// <summary>What each piece of each line but the last ones folds to.</summary>
    private static void Fold(ArrayView<TStored> from, ArrayView<T> to, Axis axis, int isReversed, LineChunks chunks)
    {
        var sums = SharedMemory.Allocate<T>(Grids.Threads);
        for (long piece = Grid.IdxX; piece < axis.Lines * (chunks.Count - 1); piece += Grid.DimX)
        {
            var start = Start(axis, Division.Divide(piece, chunks.Count - 1, out var chunk));
            var i = (chunk * chunks.Size) + Group.IdxX;
            var sum = TStorage.Widen(from[start + Offset(axis, i, isReversed)]);
            for (var next = i + Group.DimX; next < (chunk + 1) * chunks.Size; next += Group.DimX) sum = TFold.Apply(sum, TStorage.Widen(from[start + Offset(axis, next, isReversed)]));
            sums[Group.IdxX] = sum;
            Group.Barrier();
            for (var half = Group.DimX >> 1; half > 0; half >>= 1)
            {
                if (Group.IdxX < half) sums[Group.IdxX] = TFold.Apply(sums[Group.IdxX], sums[Group.IdxX + half]);
                Group.Barrier();
            }
            if (Group.IdxX == 0) to[piece] = sums[0];
            Group.Barrier();
        }
    }

    /// <summary>Scans pieces of lines. What comes before a piece that is not its line's first is the running fold of the pieces before, <paramref name="before"/>.</summary>
    private static void ByGroup<TElement, TElementStorage>(ArrayView<TElement> from, ArrayView<TElement> to, ArrayView<T> before, Axis axis, int isReversed, LineChunks chunks)
        where TElement : unmanaged where TElementStorage : struct, IStorage<TElement, T>
    {
        var sums = SharedMemory.Allocate<T>(Grids.Threads);
        for (long piece = Grid.IdxX; piece < axis.Lines * chunks.Count; piece += Grid.DimX)
        {
            var line = Division.Divide(piece, chunks.Count, out var chunk);
            var start = Start(axis, line);
            var end = IntrinsicMath.Min(axis.Size, (chunk + 1) * chunks.Size);
            var carried = chunk > 0 ? before[(line * (chunks.Count - 1)) + chunk - 1] : T.Zero;
            for (var first = chunk * chunks.Size; first < end; first += Group.DimX)
            {
                var i = first + Group.IdxX;
                var place = start + Offset(axis, i, isReversed);
                var sum = i < end ? TElementStorage.Widen(from[place]) : T.Zero;
                if (i > 0 && Group.IdxX == 0) sum = TFold.Apply(carried, sum);
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
                if (i < end) to[place] = TElementStorage.Narrow(sum);
                carried = sums[Group.DimX - 1];
                Group.Barrier();
            }
        }
    }

    private static long Start(Axis axis, long line) => (Division.Divide(line, axis.Inner, out var inner) * axis.Size * axis.Inner) + inner;

    private static long Offset(Axis axis, long i, int isReversed) => (isReversed == 1 ? axis.Size - 1 - i : i) * axis.Inner;
}
