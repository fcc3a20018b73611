using System.Numerics;
using ILGPU;
using ILGPU.Util;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>The right side of a convolution's product, which is nowhere stored: a line is what a filter sees at one of its places, channel by channel. Batches are groups.</summary>
internal struct WindowLines(ArrayView<Tap> taps, WindowSizes sizes) : ILines
{
    private readonly ArrayView<Tap> taps = taps;
    private readonly WindowSizes sizes = sizes;
    private long image;
    private int isLine, atDepth, depthStep, startA, startB, startC;

    public readonly bool IsAlongDepth => false;

    public void Begin(long batch, int line, int lineStep, int depth, int depthStep)
    {
        isLine = line < sizes.Columns ? 1 : 0;
        line = isLine == 1 ? line : 0;
        (atDepth, this.depthStep) = (depth, depthStep);
        var number = (uint)line / (uint)sizes.ResultCount;
        var rest = (uint)line - (number * (uint)sizes.ResultCount);
        image = (number * sizes.ImageStride) + (batch * sizes.GroupStride);
        var down = rest / (uint)sizes.Results.C;
        startC = ((int)(rest - (down * (uint)sizes.Results.C)) * sizes.Strides.C) - sizes.Low.C;
        var before = down / (uint)sizes.Results.B;
        startB = ((int)(down - (before * (uint)sizes.Results.B)) * sizes.Strides.B) - sizes.Low.B;
        startA = ((int)before * sizes.Strides.A) - sizes.Low.A;
    }

    public readonly Quad<T> Load<TStored, T, TStorage>(ArrayView<TStored> from) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> => new()
    {
        X = One<TStored, T, TStorage>(from, atDepth),
        Y = One<TStored, T, TStorage>(from, atDepth + depthStep),
        Z = One<TStored, T, TStorage>(from, atDepth + (2 * depthStep)),
        W = One<TStored, T, TStorage>(from, atDepth + (3 * depthStep)),
    };

    public void Advance(int depth) => atDepth += depth;

    /// <summary>What the line has at a depth; 0 for padding, between elements, and outside.</summary>
    public readonly T One<TStored, T, TStorage>(ArrayView<TStored> from, int depth) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    {
        var isInside = isLine == 1 & depth < sizes.Depth;
        var tap = taps[Utilities.Select(isInside, depth, 0)];
        var (a, b, c) = (startA + tap.A, startB + tap.B, startC + tap.C);
        // Most convolutions have no zeros between their elements, and divisions are slow.
        if (sizes.DilationX.A != 1) isInside &= Undilate(ref a, sizes.DilationX.A);
        if (sizes.DilationX.B != 1) isInside &= Undilate(ref b, sizes.DilationX.B);
        if (sizes.DilationX.C != 1) isInside &= Undilate(ref c, sizes.DilationX.C);
        isInside &= a >= 0 & a < sizes.Over.A & b >= 0 & b < sizes.Over.B & c >= 0 & c < sizes.Over.C;
        var place = image + tap.Channel + (((a * sizes.Over.B) + b) * sizes.Over.C) + c;
        return Utilities.Select(isInside, TStorage.Widen(from[Utilities.Select(isInside, place, 0L)]), T.Zero);
    }

    /// <summary>Goes from an index of the dilated image to that of the image. False where a zero lies.</summary>
    private static bool Undilate(ref int index, int dilation)
    {
        var whole = index / dilation;
        var isElement = index >= 0 & whole * dilation == index;
        index = whole;
        return isElement;
    }
}
