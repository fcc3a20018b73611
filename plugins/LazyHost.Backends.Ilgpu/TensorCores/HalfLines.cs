using ILGPU;
using ILGPU.Util;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>
/// One side of a product of 16-bit numbers: 128 lines by slices of depth 32, of which each of 256 threads loads 16 numbers as two runs of eight. In shared memory a line is 16 words of two neighbouring depths, and four
/// words of padding, so that a warp that reads a fragment meets no bank twice.
/// </summary>
internal struct HalfLines(long offset, long batchStride, long lineStride, long depthStride, int lines, int depth)
{
    public const int Lines = 128;
    public const int Slice = 32;
    public const int LineWords = (Slice / 2) + 4;

    private const int Run = 8;

    private readonly long offset = offset, batchStride = batchStride, lineStride = lineStride, depthStride = depthStride;
    private readonly int lines = lines, depth = depth;
    private long place, step;
    private int first, line, atDepth;

    /// <summary>True where the runs of a side can be loaded as one and lie inside or outside as a whole.</summary>
    public static bool Fits(long offset, long batchStride, long lineStride, long depthStride, long lines, long depth) =>
        (offset | batchStride) % Run == 0 && (depthStride == 1 ? lineStride % Run == 0 && depth % Run == 0 : lineStride == 1 && depthStride % Run == 0 && lines % Run == 0);

    private readonly bool IsAlongDepth => depthStride == 1;

    /// <summary>Goes to the first slice of the lines from <paramref name="start"/> on.</summary>
    public void Begin(long batch, int start)
    {
        // Along the depth four threads share a line, and a second line lies 64 further; else sixteen share eight lines, two depths each.
        line = IsAlongDepth ? Group.IdxX >> 2 : (Group.IdxX >> 4) * Run;
        atDepth = IsAlongDepth ? (Group.IdxX & 3) * Run : (Group.IdxX & 15) * 2;
        first = start + line;
        place = offset + (batch * batchStride) + (first * lineStride) + (atDepth * depthStride);
        step = IsAlongDepth ? Lines / 2 * lineStride : depthStride;
    }

    /// <summary>The thread's first run; zeros outside.</summary>
    public readonly Quad<uint> First(ArrayView<Quad<uint>> from) => Load(from, place, first < lines & atDepth < depth);

    /// <summary>The thread's second run.</summary>
    public readonly Quad<uint> Second(ArrayView<Quad<uint>> from) =>
        Load(from, place + step, IsAlongDepth ? first + (Lines / 2) < lines & atDepth < depth : first < lines & atDepth + 1 < depth);

    public void Advance()
    {
        atDepth += Slice;
        place += Slice * depthStride;
    }

    /// <summary>Puts both runs in their places, pairs of depths together.</summary>
    public readonly void Put(ArrayView<Quad<uint>> shared, int stage, Quad<uint> one, Quad<uint> two)
    {
        var word = (line * LineWords) + (IsAlongDepth ? (Group.IdxX & 3) * (Run / 2) : Group.IdxX & 15);
        if (IsAlongDepth)
        {
            shared[(stage + word) >> 2] = one;
            shared[(stage + word + (Lines / 2 * LineWords)) >> 2] = two;
            return;
        }
        var words = shared.Cast<uint>();
        Pairs(words, stage + word, one.X, two.X);
        Pairs(words, stage + word + (2 * LineWords), one.Y, two.Y);
        Pairs(words, stage + word + (4 * LineWords), one.Z, two.Z);
        Pairs(words, stage + word + (6 * LineWords), one.W, two.W);
    }

    /// <summary>Two lines at two depths, turned.</summary>
    private static void Pairs(ArrayView<uint> words, int word, uint one, uint two)
    {
        words[word] = (one & 0xFFFFu) | (two << 16);
        words[word + LineWords] = (one >> 16) | (two & 0xFFFF0000u);
    }

    private readonly Quad<uint> Load(ArrayView<Quad<uint>> from, long at, bool isInside)
    {
        var run = from[Utilities.Select(isInside, at, offset) >> 3];
        var mask = Utilities.Select(isInside, 0xFFFFFFFFu, 0u);
        return new() { X = run.X & mask, Y = run.Y & mask, Z = run.Z & mask, W = run.W & mask };
    }
}
