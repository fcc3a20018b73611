using ILGPU;
using ILGPU.Util;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>A batch of matrices of 16-bit numbers of which eight neighbours can be loaded as one.</summary>
internal struct HalfLines(long offset, long batchStride, long lineStride, long depthStride, int lines, int depth) : IHalfLines
{
    private const int Run = HalfSlice.Run;

    private readonly long offset = offset / Run, batchStride = batchStride / Run, lineStride = lineStride, depthStride = depthStride;
    private readonly int lines = lines, depth = depth;
    private long first, second, step;
    private int atDepth, between;

    /// <summary>True where the runs of a side can be loaded as one and lie inside or outside as a whole.</summary>
    public static bool Fits(long offset, long batchStride, long lineStride, long depthStride, long lines, long depth) =>
        (offset | batchStride) % Run == 0 && (depthStride == 1 ? lineStride % Run == 0 && depth % Run == 0 : lineStride == 1 && depthStride % Run == 0 && lines % Run == 0);

    public void Begin(long batch, int first, int depth)
    {
        var isAlongDepth = depthStride == 1;
        // Along the depth a thread loads a run of a line and of the line eight further, else eight lines at two depths.
        var line = first + ((Group.IdxX >> 5) * HalfSlice.Block) + (isAlongDepth ? (Group.IdxX >> 2) & 7 : (Group.IdxX >> 1) & 8);
        atDepth = depth + (isAlongDepth ? (Group.IdxX & 3) * Run : (Group.IdxX & 15) * 2);
        between = isAlongDepth ? 0 : 1;
        var start = offset + (batch * batchStride);
        this.first = start + (((Inside(line) * lineStride) + (atDepth * depthStride)) / Run);
        second = isAlongDepth ? start + (((Inside(line + 8) * lineStride) + atDepth) / Run) : this.first + (depthStride / Run);
        step = HalfSlice.Depth * depthStride / Run;
    }

    public readonly HalfRuns Load(ArrayView<ushort> from) => new()
    {
        First = Load(from.Cast<Quad<uint>>(), first, atDepth < depth),
        Second = Load(from.Cast<Quad<uint>>(), second, atDepth + between < depth),
    };

    public readonly void Put(ArrayView<Quad<uint>> slice, HalfRuns numbers, bool isLeft)
    {
        if (depthStride == 1) HalfSlice.Put(slice, numbers, isLeft);
        else HalfSlice.PutTurned(slice, numbers, isLeft);
    }

    public void Advance()
    {
        atDepth += HalfSlice.Depth;
        first += step;
        second += step;
    }

    private readonly long Inside(int line) => Utilities.Select(line < lines, line, 0);

    /// <summary>Outside it reads the first run instead, so that no load waits for a branch.</summary>
    private readonly Quad<uint> Load(ArrayView<Quad<uint>> from, long at, bool isInside)
    {
        var run = from[Utilities.Select(isInside, at, offset)];
        return new() { X = Utilities.Select(isInside, run.X, 0u), Y = Utilities.Select(isInside, run.Y, 0u), Z = Utilities.Select(isInside, run.Z, 0u), W = Utilities.Select(isInside, run.W, 0u) };
    }
}
