using LazyHost.Backends.Simd.Execution;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Padding with elements between: everything is filled, then the elements that stay are put in their places.</summary>
internal sealed unsafe class PadCall<T>(Shape from, Shape to, long[] low, long[] interior) : LibraryCall where T : unmanaged
{
    private readonly long[] strides = to.RowMajorStrides();

    public override void Run(byte** inputs, byte** outputs, in RunContext context)
    {
        var source = (T*)inputs[0];
        var target = (T*)outputs[0];
        var fill = *(T*)inputs[1];
        for (long i = 0; i < to.ElementCount; i++) target[i] = fill;
        if (from.ElementCount > 0) Place(0, ref source, target);
    }

    private void Place(int dimension, ref T* source, T* target)
    {
        if (dimension == from.Rank) { *target = *source++; return; }
        var rest = 1L;
        for (var d = dimension + 1; d < from.Rank; d++) rest *= from[d];
        for (long i = 0; i < from[dimension]; i++)
        {
            var at = low[dimension] + (i * (interior[dimension] + 1));
            if (at >= 0 && at < to[dimension]) Place(dimension + 1, ref source, target + (at * strides[dimension]));
            else source += rest;
        }
    }
}
