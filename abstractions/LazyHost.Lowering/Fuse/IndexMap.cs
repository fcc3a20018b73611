using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Fuse;

/// <summary>
/// Which element of a value the loops of a kernel ask for: its place in row-major order, and the loop ranges outside which nobody looks at the answer. Because
/// it speaks of places and not of dimensions, a reshape leaves it as it is.
/// </summary>
internal sealed class IndexMap(Affine place, AccessGuard[] guards) : IEquatable<IndexMap>
{
    public Affine Place { get; } = place;

    /// <summary>At most one for each loop, by loop.</summary>
    public AccessGuard[] Guards { get; } = guards;

    /// <summary>The least and greatest index of a loop that counts.</summary>
    public (long First, long Last) Range(int loop, IReadOnlyList<long> sizes)
    {
        var (first, last) = (0L, Math.Max(0, sizes[loop] - 1));
        foreach (var guard in Guards)
            if (guard.Loop == loop) (first, last) = (Math.Max(first, guard.Low), Math.Min(last, guard.High - 1));
        return (first, Math.Max(first, last));
    }

    /// <summary>The least and greatest value of a sum while the guards hold.</summary>
    public (long Least, long Greatest) Range(Affine sum, IReadOnlyList<long> sizes)
    {
        var (least, greatest) = (sum.Offset, sum.Offset);
        for (var i = 0; i < sum.Loops; i++)
        {
            var (first, last) = Range(i, sizes);
            var (a, b) = (sum[i] * first, sum[i] * last);
            (least, greatest) = (least + Math.Min(a, b), greatest + Math.Max(a, b));
        }
        return (least, greatest);
    }

    /// <summary>The index along a dimension of this stride and size, or null where it is no sum of loop indices.</summary>
    public Affine? Index(Affine sum, long stride, long size, IReadOnlyList<long> sizes)
    {
        if (size <= 1 || stride == 0) return Affine.Zero;
        return Split(sum, stride, sizes) is { } outer && Split(outer.Quotient, size, sizes) is { } inner ? inner.Remainder : null;
    }

    /// <summary>A map with one guard more; guards of one loop become one.</summary>
    public static AccessGuard[] Join(AccessGuard[] guards, AccessGuard added)
    {
        var joined = guards.ToList();
        var at = joined.FindIndex(guard => guard.Loop == added.Loop);
        if (at >= 0) joined[at] = new(added.Loop, Math.Max(joined[at].Low, added.Low), Math.Min(joined[at].High, added.High));
        else joined.Insert(joined.Count(guard => guard.Loop < added.Loop), added);
        return [.. joined];
    }

    public bool Equals(IndexMap? other) => other is not null && Place.Equals(other.Place) && Guards.AsSpan().SequenceEqual(other.Guards);

    public override bool Equals(object? obj) => Equals(obj as IndexMap);

    public override int GetHashCode() => HashCode.Combine(Place, Guards.Length);

    // sum = quotient * divisor + remainder with 0 <= remainder < divisor for every index
    private (Affine Quotient, Affine Remainder)? Split(Affine sum, long divisor, IReadOnlyList<long> sizes)
    {
        if (divisor == 1) return (sum, Affine.Zero);
        var (least, greatest) = Range(sum, sizes);
        if (least >= 0 && greatest < divisor) return (Affine.Zero, sum);
        var quotient = new long[sum.Loops];
        var remainder = new long[sum.Loops];
        for (var i = 0; i < sum.Loops; i++) (quotient[i], remainder[i]) = Math.DivRem(sum[i], divisor);
        var offset = ((sum.Offset % divisor) + divisor) % divisor;
        var rest = new Affine(offset, remainder);
        (least, greatest) = Range(rest, sizes);
        return least >= 0 && greatest < divisor ? (new((sum.Offset - offset) / divisor, quotient), rest) : null;
    }
}
