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
    private int atDepth, depthStep, slot, slotStep, startA, startB, startC, start;

    public void Begin(long batch, int first, int depth, int sizeLog)
    {
        var (inLine, inDepth, pitch) = (Group.IdxX & ((1 << sizeLog) - 1), Group.IdxX >> sizeLog, TileSlice.Pitch(sizeLog));
        depthStep = TileSlice.Threads >> sizeLog;
        (slot, slotStep) = ((inDepth * pitch) + inLine, depthStep * pitch);
        atDepth = depth + inDepth;
        Begin(batch, Utilities.Select(first + inLine < sizes.Columns, first + inLine, 0));
    }

    /// <summary>Goes to a line.</summary>
    public void Begin(long batch, int line)
    {
        var number = (uint)line / (uint)sizes.ResultCount;
        var rest = (uint)line - (number * (uint)sizes.ResultCount);
        var down = rest / (uint)sizes.Results.C;
        startC = ((int)(rest - (down * (uint)sizes.Results.C)) * sizes.Strides.C) - sizes.Low.C;
        var before = down / (uint)sizes.Results.B;
        startB = ((int)(down - (before * (uint)sizes.Results.B)) * sizes.Strides.B) - sizes.Low.B;
        startA = ((int)before * sizes.Strides.A) - sizes.Low.A;
        image = (number * sizes.ImageStride) + (batch * sizes.GroupStride);
        start = sizes.HasZeros ? 0 : (((startA * sizes.Over.B) + startB) * sizes.Over.C) + startC;
    }

    public readonly Quad<T> Load<TStored, T, TStorage>(ArrayView<TStored> from) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    {
        // Most images have no zeros between their elements, and divisions are slow.
        if (sizes.HasZeros)
            return new()
            {
                X = Spread<TStored, T, TStorage>(from, atDepth),
                Y = Spread<TStored, T, TStorage>(from, atDepth + depthStep),
                Z = Spread<TStored, T, TStorage>(from, atDepth + (2 * depthStep)),
                W = Spread<TStored, T, TStorage>(from, atDepth + (3 * depthStep)),
            };
        return new()
        {
            X = Dense<TStored, T, TStorage>(from, atDepth),
            Y = Dense<TStored, T, TStorage>(from, atDepth + depthStep),
            Z = Dense<TStored, T, TStorage>(from, atDepth + (2 * depthStep)),
            W = Dense<TStored, T, TStorage>(from, atDepth + (3 * depthStep)),
        };
    }

    public readonly void Put<T>(ArrayView<Quad<T>> slice, Quad<T> numbers) where T : unmanaged, INumber<T> => TileSlice.Put(slice, slot, slotStep, numbers);

    public void Advance(int depth) => atDepth += depth;

    /// <summary>What the line has at a depth; 0 for padding, between elements, and beyond the depth.</summary>
    public readonly T One<TStored, T, TStorage>(ArrayView<TStored> from, int depth) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> =>
        sizes.HasZeros ? Spread<TStored, T, TStorage>(from, depth) : Dense<TStored, T, TStorage>(from, depth);

    private readonly T Dense<TStored, T, TStorage>(ArrayView<TStored> from, int depth) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    {
        var isInside = depth < sizes.Depth;
        var tap = taps[Utilities.Select(isInside, depth, 0)];
        // Below 0 is beyond everything once it is taken as unsigned.
        isInside &= (uint)(startA + tap.A) < (uint)sizes.Over.A & (uint)(startB + tap.B) < (uint)sizes.Over.B & (uint)(startC + tap.C) < (uint)sizes.Over.C;
        return Utilities.Select(isInside, TStorage.Widen(from[Utilities.Select(isInside, image + (start + tap.Place), 0L)]), T.Zero);
    }

    private readonly T Spread<TStored, T, TStorage>(ArrayView<TStored> from, int depth) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    {
        var isInside = depth < sizes.Depth;
        var tap = taps[Utilities.Select(isInside, depth, 0)];
        var (a, b, c) = (startA + tap.A, startB + tap.B, startC + tap.C);
        if (sizes.DilationX.A != 1) isInside &= Undilate(ref a, sizes.DilationX.A);
        if (sizes.DilationX.B != 1) isInside &= Undilate(ref b, sizes.DilationX.B);
        if (sizes.DilationX.C != 1) isInside &= Undilate(ref c, sizes.DilationX.C);
        isInside &= (uint)a < (uint)sizes.Over.A & (uint)b < (uint)sizes.Over.B & (uint)c < (uint)sizes.Over.C;
        var place = image + (tap.Place + (((a * sizes.Over.B) + b) * sizes.Over.C) + c);
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
