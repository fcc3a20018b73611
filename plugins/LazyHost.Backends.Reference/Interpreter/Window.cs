namespace LazyHost.Backends.Reference;

/// <summary>A window that slides over a padded tensor.</summary>
internal sealed class Window(Shape over, Shape results, ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides, ReadOnlySpan<long> low)
{
    private readonly long[] sizes = sizes.ToArray();
    private readonly long[] strides = strides.ToArray();
    private readonly long[] low = low.ToArray();
    private readonly long[] overStrides = over.RowMajorStrides();
    private readonly long[] resultStrides = results.RowMajorStrides();

    /// <summary>The places of the elements, in row-major order and without the padding, that result number <paramref name="result"/> sees.</summary>
    public IEnumerable<long> Places(long result)
    {
        var (count, tap) = (Indices.Count(sizes), new long[sizes.Length]);
        for (long n = 0; n < count; n++, Indices.Next(tap, sizes))
        {
            long place = 0;
            var inside = true;
            for (var d = 0; d < tap.Length; d++)
            {
                var at = (result / resultStrides[d] % results[d] * strides[d]) + tap[d] - low[d];
                inside &= at >= 0 && at < over[d];
                place += at * overStrides[d];
            }
            if (inside) yield return place;
        }
    }
}
