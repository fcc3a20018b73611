using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>All dimensions that are padded, the last one innermost; neighbours that are not padded count as one.</summary>
internal readonly record struct PadDimensions(PadDimension A, PadDimension B, PadDimension C, PadDimension D, PadDimension E, PadDimension F)
{
    private const int Most = 6;

    /// <summary>The dimensions of a pad, or null where there are more than kernels take.</summary>
    public static PadDimensions? Of(Shape from, Shape to, ReadOnlySpan<long> low, ReadOnlySpan<long> interior)
    {
        var strides = from.RowMajorStrides();
        var dimensions = new List<PadDimension>();
        for (var i = from.Rank - 1; i >= 0; i--)
        {
            var dimension = new PadDimension(from[i], to[i], low[i], interior[i], strides[i]);
            if (dimension.IsPlain && dimensions.Count > 0 && dimensions[^1].IsPlain) dimensions[^1] = dimensions[^1] with { From = dimensions[^1].From * dimension.From, To = dimensions[^1].To * dimension.To };
            else dimensions.Add(dimension);
        }
        if (dimensions.Count > Most) return null;
        while (dimensions.Count < Most) dimensions.Add(PadDimension.None);
        return new(dimensions[5], dimensions[4], dimensions[3], dimensions[2], dimensions[1], dimensions[0]);
    }

    /// <summary>The place in the operand of an element of the result, or a negative number where there is padding.</summary>
    public long Place(long i)
    {
        long place = 0;
        var isInside = Enter(F, ref i, ref place) & Enter(E, ref i, ref place) & Enter(D, ref i, ref place) & Enter(C, ref i, ref place) & Enter(B, ref i, ref place) & Enter(A, ref i, ref place);
        return isInside ? place : -1;
    }

    private static bool Enter(PadDimension dimension, ref long i, ref long place)
    {
        if (dimension.To == 1 && dimension.IsPlain) return true;
        i = Division.Divide(i, dimension.To, out var at);
        var index = at - dimension.Low;
        var isInside = index >= 0;
        if (dimension.Interior > 0 && isInside)
        {
            index = Division.Divide(index, dimension.Interior + 1, out var between);
            isInside = between == 0;
        }
        place += index * dimension.Stride;
        return isInside & index < dimension.From;
    }
}
