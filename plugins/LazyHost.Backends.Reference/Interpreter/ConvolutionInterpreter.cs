using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Convolution of x[N, C, spatial...] with w[O, C / groups, spatial...]; the filter is not reversed.</summary>
internal sealed class ConvolutionInterpreter(Node node, HostTensor x, HostTensor w)
{
    private readonly long[] strides = node.Ints(0).ToArray();
    private readonly long[] low = node.Ints(1).ToArray();
    private readonly long[] dilateX = node.Ints(3).ToArray();
    private readonly long[] dilateW = node.Ints(4).ToArray();
    private readonly long[] stridesX = x.Shape.RowMajorStrides();
    private readonly long[] stridesW = w.Shape.RowMajorStrides();

    public HostTensor Run()
    {
        var (image, filter) = (x.Doubles(), w.Doubles());
        var filtersPerGroup = Math.Max(1, w.Shape[0] / node.Int(5));
        var taps = w.Shape.Sizes[1..].ToArray();
        var tapCount = Indices.Count(taps);
        var results = new double[node.Type.Shape.ElementCount];
        var (at, tap) = (new long[x.Shape.Rank], new long[taps.Length]);
        for (var i = 0; i < results.Length; i++, Indices.Next(at, node.Type.Shape.Sizes))
            for (long n = 0; n < tapCount; n++, Indices.Next(tap, taps))
            {
                if (!TryPlace(at, tap, out var place)) continue;
                var channel = (at[1] / filtersPerGroup * taps[0]) + tap[0];
                place += (at[0] * stridesX[0]) + (channel * stridesX[1]);
                results[i] += image[place] * filter[(at[1] * stridesW[0]) + Indices.Offset(tap, stridesW.AsSpan(1))];
            }
        return new FloatArithmetic().Store(node.Type, results);
    }

    /// <summary>The place in x of one tap, as far as the spatial dimensions decide it. False for padding, and for a zero that dilating x put between its elements.</summary>
    private bool TryPlace(long[] at, long[] tap, out long place)
    {
        place = 0;
        for (var d = 0; d < strides.Length; d++)
        {
            var dilated = (at[d + 2] * strides[d]) + (tap[d + 1] * dilateW[d]) - low[d];
            if (dilated < 0 || dilated % dilateX[d] != 0 || dilated / dilateX[d] >= x.Shape[d + 2]) return false;
            place += dilated / dilateX[d] * stridesX[d + 2];
        }
        return true;
    }
}
