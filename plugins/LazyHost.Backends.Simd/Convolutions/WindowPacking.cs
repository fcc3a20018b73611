using System.Runtime.CompilerServices;
using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Simd.Convolutions;

/// <summary>
/// Packs the windows of some results as a strip of the product's right side: to[k * width + j] is the element that tap k of result j sees, 0 in the padding. It is
/// im2col (K. Chellapilla et al., High Performance Convolutional Neural Networks for Document Processing, 2006) straight into packed form.
/// </summary>
internal static unsafe class WindowPacking
{
    private const long ShortRow = 8;

    /// <param name="shape">The convolution.</param>
    /// <param name="x">The image batch.</param>
    /// <param name="group">The group.</param>
    /// <param name="column">The first result, counted over batch and space.</param>
    /// <param name="count">How many results.</param>
    /// <param name="width">Elements of a packed step.</param>
    /// <param name="from">The first tap, counted over channels and window.</param>
    /// <param name="depth">How many taps.</param>
    /// <param name="to">Room for depth * width elements.</param>
    public static void Pack<T>(ConvolutionShape shape, T* x, long group, long column, int count, int width, long from, long depth, T* to) where T : unmanaged
    {
        x += group * shape.GroupChannels * shape.OverCount;
        if (count < width) new Span<T>(to, checked((int)(depth * width))).Clear();
        var last = shape.Spatial - 1;
        var isPlain = shape.Spatial == 2 && shape.DilationX[0] == 1 && shape.DilationX[1] == 1;
        if (isPlain && (shape.Results[last] >= ShortRow || shape.Taps[last] < ShortRow)) PackRows(shape, x, column, count, width, from, depth, to);
        else for (var j = 0; j < count; j++) PackColumn(shape, x, column + j, width, from, depth, to + j);
    }

    /// <summary>Two spatial dimensions, no zeros between elements: for every tap, runs along a row of results are runs along a row of x.</summary>
    private static void PackRows<T>(ConvolutionShape shape, T* x, long column, int count, int width, long from, long depth, T* to) where T : unmanaged
    {
        var (height, across) = (shape.Over[0], shape.Over[1]);
        var (tapsDown, tapsAcross) = (shape.Taps[0], shape.Taps[1]);
        var runs = stackalloc long[4 * count];
        var runCount = 0;
        for (var j = 0; j < count;)
        {
            var (image, place) = ((column + j) / shape.ResultCount, (column + j) % shape.ResultCount);
            var (down, start) = (place / shape.Results[1], place % shape.Results[1]);
            var length = (int)Math.Min(count - j, shape.Results[1] - start);
            var run = runs + (4 * runCount++);
            run[0] = image * shape.Channels * shape.OverCount;
            run[1] = (down * shape.Strides[0]) - shape.Low[0];
            run[2] = (start * shape.Strides[1]) - shape.Low[1];
            run[3] = length;
            j += length;
        }
        var (channel, tap) = (from / shape.TapCount, from % shape.TapCount);
        var (tapDown, tapAcross) = (tap / tapsAcross, tap % tapsAcross);
        var step = shape.Strides[1];
        for (long k = 0; k < depth; k++, to += width)
        {
            var at = to;
            for (var r = 0; r < runCount; r++)
            {
                var run = runs + (4 * r);
                var length = run[3];
                var row = run[1] + (tapDown * shape.DilationW[0]);
                var first = run[2] + (tapAcross * shape.DilationW[1]);
                if ((ulong)row >= (ulong)height) Clear(at, 0, length);
                else Copy(at, x + run[0] + (((channel * height) + row) * across), first, step, across, length);
                at += length;
            }
            if (++tapAcross < tapsAcross) continue;
            tapAcross = 0;
            if (++tapDown < tapsDown) continue;
            tapDown = 0;
            channel++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<T>(T* to, T* row, long first, long step, long across, long length) where T : unmanaged
    {
        if (step == 1)
        {
            var (start, end) = (Math.Clamp(-first, 0, length), Math.Clamp(across - first, 0, length));
            if (start > 0) Clear(to, 0, start);
            if (end > start) new ReadOnlySpan<T>(row + first + start, (int)(end - start)).CopyTo(new Span<T>(to + start, (int)(end - start)));
            if (end < length) Clear(to, Math.Max(start, end), length);
            return;
        }
        for (long i = 0; i < length; i++, first += step) to[i] = (ulong)first < (ulong)across ? row[first] : default;
    }

    private static void Clear<T>(T* to, long from, long end) where T : unmanaged
    {
        for (var i = from; i < end; i++) to[i] = default;
    }

    /// <summary>Any number of dimensions and dilations: one result after the other, along rows of taps.</summary>
    private static void PackColumn<T>(ConvolutionShape shape, T* x, long column, int width, long from, long depth, T* to) where T : unmanaged
    {
        var last = shape.Spatial - 1;
        var starts = stackalloc long[shape.Spatial];
        var (image, place) = (column / shape.ResultCount, column % shape.ResultCount);
        for (var d = last; d >= 0; d--, place /= shape.Results[d + 1]) starts[d] = (place % shape.Results[d] * shape.Strides[d]) - shape.Low[d];
        x += image * shape.Channels * shape.OverCount;
        var (taps, dilation) = (shape.Taps[last], shape.DilationW[last]);
        for (var k = from; k < from + depth;)
        {
            var tap = k % taps;
            var count = Math.Min(taps - tap, from + depth - k);
            var offset = Row(shape, starts, k / taps);
            if (dilation == 1 && shape.DilationX[last] == 1)
            {
                var first = starts[last] + tap;
                var (start, end) = offset < 0 ? (count, count) : (Math.Clamp(-first, 0, count), Math.Clamp(shape.Over[last] - first, 0, count));
                var row = x + offset + first;
                for (long i = 0; i < start; i++) to[i * width] = default;
                for (var i = start; i < end; i++) to[i * width] = row[i];
                for (var i = Math.Max(start, end); i < count; i++) to[i * width] = default;
                to += count * width;
                k += count;
                continue;
            }
            for (long i = 0; i < count; i++, to += width)
                *to = offset >= 0 && Place(starts[last] + ((tap + i) * dilation), shape.DilationX[last], shape.Over[last]) is var at and >= 0 ? x[offset + at] : default;
            k += count;
        }
    }

    /// <summary>The offset of the row of x that a row of taps (over channels and all dimensions but the last) sees, or -1.</summary>
    private static long Row(ConvolutionShape shape, long* starts, long row)
    {
        long offset = 0, stride = shape.Over[shape.Spatial - 1];
        for (var d = shape.Spatial - 2; d >= 0; d--)
        {
            var at = Place(starts[d] + (row % shape.Taps[d] * shape.DilationW[d]), shape.DilationX[d], shape.Over[d]);
            if (at < 0) return -1;
            offset += at * stride;
            stride *= shape.Over[d];
            row /= shape.Taps[d];
        }
        return offset + (row * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Place(long at, long dilation, long size)
    {
        if (dilation == 1) return (ulong)at < (ulong)size ? at : -1;
        return at >= 0 && at % dilation == 0 && at / dilation < size ? at / dilation : -1;
    }
}
