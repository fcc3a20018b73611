using LazyHost.IR;

namespace LazyHost.Lowering.Fuse;

/// <summary>Decides whether a reduction can be a stage of a kernel that uses its result, one value a row.</summary>
internal static class RowFusion
{
    /// <summary>The inner loops the kernel would have: some it has, or new ones.</summary>
    public sealed record Rows(IReadOnlyList<int> Existing, IReadOnlyList<long> Added);

    /// <summary>The rows, or null where the kernel's loops do not split into the reduction's rows and its axes.</summary>
    /// <param name="group">The kernel.</param>
    /// <param name="map">Where it asks for the reduction's result.</param>
    /// <param name="reduction">The reduction.</param>
    /// <param name="from">The shape it reduces.</param>
    /// <param name="sinks">The kernel's sinks that need it.</param>
    public static Rows? Find(FusionGroup group, IndexMap map, Node reduction, Shape from, ulong sinks)
    {
        var count = reduction.Type.Shape.ElementCount;
        if (count == 0 || from.ElementCount == 0) return null;
        var reduced = from.ElementCount / count;
        if (group.HasInner)
        {
            var inner = group.Loops(loop => group.Inner[loop]);
            return Size(group, inner) == reduced && group.Covers(map, count, loop => !group.Inner[loop]) && WorthWaiting(group, inner, sinks)
                ? new(inner, []) : null;
        }
        if (group.Covers(map, count, _ => true)) return new([], NewLoops(reduction, from));
        var rest = group.Loops(loop => map.Place[loop] == 0);
        return Size(group, rest) == reduced && group.Covers(map, count, loop => map.Place[loop] != 0) && WorthWaiting(group, rest, sinks)
            ? new(rest, []) : null;
    }

    /// <summary>Sizes of the inner loops of a reduction on its own: its axes, or one loop of size 1.</summary>
    public static IReadOnlyList<long> NewLoops(Node reduction, Shape from)
    {
        var sizes = new List<long>();
        for (var i = 0; i < from.Rank; i++)
            if (reduction.Ints(0).Contains(i) && from[i] != 1) sizes.Add(from[i]);
        return sizes.Count > 0 ? sizes : [1];
    }

    /// <summary>Gives the kernel its inner loops; new ones come last.</summary>
    public static void Apply(FusionGroup group, Rows rows)
    {
        foreach (var loop in rows.Existing) group.Inner[loop] = true;
        foreach (var size in rows.Added) group.AddLoop(size, inner: true);
    }

    /// <summary>The map of what is reduced, or null where it is no affine access.</summary>
    /// <param name="reduction">The reduction.</param>
    /// <param name="from">The shape it reduces.</param>
    /// <param name="map">Where its result is asked for.</param>
    /// <param name="inner">The place among the reduced elements.</param>
    /// <param name="sizes">The loops' sizes.</param>
    public static IndexMap? OperandMap(Node reduction, Shape from, IndexMap map, Affine inner, IReadOnlyList<long> sizes)
    {
        var place = Affine.Zero;
        var strides = from.RowMajorStrides();
        long keptStride = 1, reducedStride = 1;
        for (var i = from.Rank - 1; i >= 0;)
        {
            var isReduced = reduction.Ints(0).Contains(i);
            var (last, size) = (i, 1L);
            for (; i >= 0 && reduction.Ints(0).Contains(i) == isReduced; i--) size *= from[i];
            ref var stride = ref isReduced ? ref reducedStride : ref keptStride;
            if (map.Index(isReduced ? inner : map.Place, stride, size, sizes) is not { } index) return null;
            place = place.Plus(index.Times(strides[last]));
            stride *= size;
        }
        return new(place, map.Guards);
    }

    // one long row cannot be shared among threads once a later stage waits for it
    private static bool WorthWaiting(FusionGroup group, List<int> inner, ulong sinks)
    {
        var waits = false;
        for (var i = 0; i < group.Sinks.Count && !waits; i++)
        {
            if ((sinks >> Math.Min(63, i) & 1) == 0) continue;
            var sink = group.Sinks[i];
            waits = sink.IsReduction || inner.Any(loop => sink.Place[loop] != 0);
        }
        return !waits || group.PointCount <= FusionLimits.FewPoints || group.PointCount / Math.Max(1, Size(group, inner)) >= FusionLimits.FewRows;
    }

    private static long Size(FusionGroup group, List<int> loops)
    {
        long size = 1;
        foreach (var loop in loops) size *= group.Sizes[loop];
        return size;
    }
}
