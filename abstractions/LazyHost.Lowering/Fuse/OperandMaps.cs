using LazyHost.IR;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Fuse;

/// <summary>Carries an index map from the result of a shape primitive to its operand.</summary>
internal static class OperandMaps
{
    // how the index along an operand dimension follows from the index along a result dimension
    private readonly record struct Source(int ResultDim, long Scale = 1, long Offset = 0);

    /// <summary>The map of the first operand, or null where the operand cannot be read by affine accesses.</summary>
    public static IndexMap? Of(Node node, Shape from, IndexMap map, IReadOnlyList<long> sizes)
    {
        var to = node.Type.Shape;
        if (from.ElementCount == 0 || to.ElementCount == 0) return new(Affine.Zero, map.Guards);
        var sources = Sources(node, from);
        var (fromStrides, toStrides) = (from.RowMajorStrides(), to.RowMajorStrides());
        var place = Affine.Zero;
        var guards = map.Guards;
        for (var i = 0; i < sources.Length; i++)
        {
            var source = sources[i];
            if (source.ResultDim < 0) continue;
            var plain = source is { Scale: 1, Offset: 0 } && from[i] == to[source.ResultDim];
            var size = to[source.ResultDim];
            // plain neighbours are taken in one piece, so that loops that span them need no division
            while (plain && i + 1 < sources.Length && sources[i + 1] is { Scale: 1, Offset: 0 } next && next.ResultDim == source.ResultDim + 1
                && from[i + 1] == to[next.ResultDim])
            {
                source = next;
                size *= to[next.ResultDim];
                i++;
            }
            if (map.Index(map.Place, toStrides[source.ResultDim], size, sizes) is not { } index) return null;
            index = index.Times(source.Scale).Plus(source.Offset);
            if (!plain && Guard(map, index, from[i], sizes, ref guards) is false) return null;
            place = place.Plus(index.Times(fromStrides[i]));
        }
        return new(place, guards);
    }

    private static Source[] Sources(Node node, Shape from)
    {
        var sources = new Source[from.Rank];
        for (var i = 0; i < sources.Length; i++) sources[i] = new(i);
        switch (((Primitive)node.Form).Kind)
        {
            case PrimitiveKind.Broadcast:
                for (var i = 0; i < sources.Length; i++) sources[i] = new(from[i] == 1 ? -1 : (int)node.Ints(1)[i]);
                break;
            case PrimitiveKind.Permute:
                for (var i = 0; i < sources.Length; i++) sources[(int)node.Ints(0)[i]] = new(i);
                break;
            case PrimitiveKind.Slice:
                for (var i = 0; i < sources.Length; i++) sources[i] = new(i, node.Ints(2)[i], node.Ints(0)[i]);
                break;
            case PrimitiveKind.Reverse:
                foreach (var axis in node.Ints(0)) sources[axis] = new((int)axis, -1, from[(int)axis] - 1);
                break;
            case PrimitiveKind.Pad:
                for (var i = 0; i < sources.Length; i++) sources[i] = new(i, 1, -node.Ints(0)[i]);
                break;
        }
        return sources;
    }

    // false where the index leaves the dimension and no range of one loop says when
    private static bool Guard(IndexMap map, Affine index, long size, IReadOnlyList<long> sizes, ref AccessGuard[] guards)
    {
        var (least, greatest) = map.Range(index, sizes);
        if (least >= 0 && greatest < size) return true;
        var loop = -1;
        for (var i = 0; i < index.Loops; i++)
        {
            if (index[i] == 0) continue;
            if (loop >= 0) return false;
            loop = i;
        }
        if (loop < 0) return false;
        var step = index[loop];
        var (first, last) = step > 0 ? (-index.Offset, size - 1 - index.Offset) : (index.Offset - size + 1, index.Offset);
        var low = Math.Max(0, CeilDivide(first, Math.Abs(step)));
        var high = Math.Min(sizes[loop], FloorDivide(last, Math.Abs(step)) + 1);
        guards = IndexMap.Join(guards, new(loop, low, Math.Max(low, high)));
        return true;
    }

    private static long FloorDivide(long a, long b) => (a / b) - (a % b != 0 && a < 0 ? 1 : 0);

    private static long CeilDivide(long a, long b) => -FloorDivide(-a, b);
}
