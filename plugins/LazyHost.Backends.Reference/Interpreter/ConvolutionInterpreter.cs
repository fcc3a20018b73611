using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Convolution of x[N, C, spatial...] with w[O, C / groups, spatial...]; the filter is not reversed.</summary>
internal static class ConvolutionInterpreter
{
    public static HostTensor Run(Node node, HostTensor x, HostTensor w)
    {
        var (image, filter) = (x.Doubles(), w.Doubles());
        var (stridesX, stridesW) = (x.Shape.RowMajorStrides(), w.Shape.RowMajorStrides());
        var filtersPerGroup = Math.Max(1, w.Shape[0] / node.Int(5));
        var taps = w.Shape.Sizes[1..].ToArray();
        var tapCount = Indices.Count(taps);
        var results = new double[node.Type.Shape.ElementCount];
        var (at, tap) = (new long[x.Shape.Rank], new long[taps.Length]);
        for (var i = 0; i < results.Length; i++, Indices.Next(at, node.Type.Shape.Sizes))
            for (long n = 0; n < tapCount; n++, Indices.Next(tap, taps))
            {
                var channel = (at[1] / filtersPerGroup * taps[0]) + tap[0];
                var place = (at[0] * stridesX[0]) + (channel * stridesX[1]) + Spatial(node, x.Shape, stridesX, at, tap, out var inside);
                if (inside) results[i] += image[place] * filter[(at[1] * stridesW[0]) + Indices.Offset(tap, stridesW.AsSpan(1))];
            }
        return new FloatArithmetic().Store(node.Type, results);
    }

    /// <summary>The place in x of one tap, as far as the spatial dimensions decide it. Outside: padding, or a zero that dilating x put between its elements.</summary>
    private static long Spatial(Node node, Shape x, long[] strides, long[] at, long[] tap, out bool inside)
    {
        long offset = 0;
        inside = true;
        for (var d = 0; d < x.Rank - 2; d++)
        {
            var dilated = (at[d + 2] * node.Ints(0)[d]) + (tap[d + 1] * node.Ints(4)[d]) - node.Ints(1)[d];
            var place = dilated / node.Ints(3)[d];
            inside &= dilated >= 0 && dilated % node.Ints(3)[d] == 0 && place < x[d + 2];
            offset += place * strides[d + 2];
        }
        return offset;
    }
}
