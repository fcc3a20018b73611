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
        Begin(batch, first + inLine);
    }

    /// <summary>Goes to a line, or to the first one where there is none.</summary>
    public void Begin(long batch, int line)
    {
        line = Utilities.Select(line < sizes.Columns, line, 0);
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

    /// <summary>True where zeros lie between the elements of the images: <see cref="Spread"/> is for those, <see cref="Dense"/> for all others.</summary>
    public readonly bool HasZeros => sizes.HasZeros;

    public readonly Quad<T> Load<TStored, T, TStorage>(ArrayView<TStored> from) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    {
        var (x, y, z, w) = (atDepth, atDepth + depthStep, atDepth + (2 * depthStep), atDepth + (3 * depthStep));
        // Most images have no zeros between their elements, and divisions are slow.
        if (HasZeros)
            return new()
            {
                X = Spread<TStored, T, TStorage>(from, TapAt(x), HasTap(x)),
                Y = Spread<TStored, T, TStorage>(from, TapAt(y), HasTap(y)),
                Z = Spread<TStored, T, TStorage>(from, TapAt(z), HasTap(z)),
                W = Spread<TStored, T, TStorage>(from, TapAt(w), HasTap(w)),
            };
        return new()
        {
            X = Dense<TStored, T, TStorage>(from, TapAt(x), HasTap(x)),
            Y = Dense<TStored, T, TStorage>(from, TapAt(y), HasTap(y)),
            Z = Dense<TStored, T, TStorage>(from, TapAt(z), HasTap(z)),
            W = Dense<TStored, T, TStorage>(from, TapAt(w), HasTap(w)),
        };
    }

    public readonly void Put<T>(ArrayView<Quad<T>> slice, Quad<T> numbers) where T : unmanaged, INumber<T> => TileSlice.Put(slice, slot, slotStep, numbers);

    public void Advance(int depth) => atDepth += depth;

    /// <summary>True where a line has a tap at a depth.</summary>
    public readonly bool HasTap(int depth) => depth < sizes.Depth;

    /// <summary>The tap of a depth; the first one beyond them.</summary>
    public readonly Tap TapAt(int depth) => taps[Utilities.Select(HasTap(depth), depth, 0)];

    /// <summary>What the line has at a depth; 0 for padding, between elements, and beyond the depth.</summary>
    public readonly T One<TStored, T, TStorage>(ArrayView<TStored> from, int depth) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> =>
        HasZeros ? Spread<TStored, T, TStorage>(from, TapAt(depth), HasTap(depth)) : Dense<TStored, T, TStorage>(from, TapAt(depth), HasTap(depth));

    /// <summary>What the line has at a tap, where <paramref name="isInside"/>; 0 for padding.</summary>
    public readonly T Dense<TStored, T, TStorage>(ArrayView<TStored> from, Tap tap, bool isInside) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    {
        // Below 0 is beyond everything once it is taken as unsigned.
        isInside &= (uint)(startA + tap.A) < (uint)sizes.Over.A & (uint)(startB + tap.B) < (uint)sizes.Over.B & (uint)(startC + tap.C) < (uint)sizes.Over.C;
        return Utilities.Select(isInside, TStorage.Widen(from[image + Utilities.Select(isInside, start + tap.Place, 0)]), T.Zero);
    }

    /// <summary>The same for images with zeros between their elements.</summary>
    public readonly T Spread<TStored, T, TStorage>(ArrayView<TStored> from, Tap tap, bool isInside) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    {
        var (a, b, c) = (startA + tap.A, startB + tap.B, startC + tap.C);
        if (sizes.DilationX.A != 1) isInside &= Undilate(ref a, sizes.DilationX.A);
        if (sizes.DilationX.B != 1) isInside &= Undilate(ref b, sizes.DilationX.B);
        if (sizes.DilationX.C != 1) isInside &= Undilate(ref c, sizes.DilationX.C);
        isInside &= (uint)a < (uint)sizes.Over.A & (uint)b < (uint)sizes.Over.B & (uint)c < (uint)sizes.Over.C;
        var place = tap.Place + (((a * sizes.Over.B) + b) * sizes.Over.C) + c;
        return Utilities.Select(isInside, TStorage.Widen(from[image + Utilities.Select(isInside, place, 0)]), T.Zero);
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
