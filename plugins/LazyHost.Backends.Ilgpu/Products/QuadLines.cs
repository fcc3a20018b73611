using System.Numerics;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Util;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>A batch of matrices of which four neighbours can be loaded as one.</summary>
internal struct QuadLines(long offset, long batchStride, long lineStride, long depthStride, int lines, int depth) : ILines
{
    private const int Size = 4;

    private readonly long offset = offset / Size, batchStride = batchStride / Size, lineStride = lineStride, depthStride = depthStride;
    private readonly int lines = lines, depth = depth;
    private long place, step;
    private int atDepth, slot, pitch;

    /// <summary>True where both sides of a product can be loaded so: quads are aligned, and lie inside or outside as a whole.</summary>
    public static bool Fit(DotStep step) =>
        Fits(step.A.Offset | step.A.BatchStride, step.A.RowStride, step.A.ColumnStride, step.M, step.K) && Fits(step.B.Offset | step.B.BatchStride, step.B.ColumnStride, step.B.RowStride, step.N, step.K);

    public void Begin(long batch, int first, int depth, int sizeLog)
    {
        pitch = TileSlice.Pitch(sizeLog);
        var isAlongDepth = depthStride == 1;
        var quadsLog = isAlongDepth ? TileSlice.DepthLog(sizeLog) - 2 : sizeLog - 2;
        var (quad, rest) = ((Group.IdxX & ((1 << quadsLog) - 1)) * Size, Group.IdxX >> quadsLog);
        var (inLine, inDepth) = (isAlongDepth ? rest : quad, isAlongDepth ? quad : rest);
        slot = (inDepth * pitch) + inLine;
        atDepth = depth + inDepth;
        var atLine = Utilities.Select(first + inLine < lines, first + inLine, 0);
        place = offset + (batch * batchStride) + (((atLine * lineStride) + (atDepth * depthStride)) / Size);
        step = depthStride << TileSlice.DepthLog(sizeLog) >> 2;
    }

    public readonly Quad<T> Load<TStored, T, TStorage>(ArrayView<TStored> from) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    {
        // Beyond the depth it reads the first quad instead, so that no load waits for a branch.
        var isInside = atDepth < depth;
        var stored = from.Cast<Stored<TStored>>()[Utilities.Select(isInside, place, offset)];
        return new()
        {
            X = Utilities.Select(isInside, TStorage.Widen(stored.X), T.Zero),
            Y = Utilities.Select(isInside, TStorage.Widen(stored.Y), T.Zero),
            Z = Utilities.Select(isInside, TStorage.Widen(stored.Z), T.Zero),
            W = Utilities.Select(isInside, TStorage.Widen(stored.W), T.Zero),
        };
    }

    public readonly void Put<T>(ArrayView<Quad<T>> slice, Quad<T> numbers) where T : unmanaged, INumber<T>
    {
        if (depthStride == 1) TileSlice.Put(slice, slot, pitch, numbers);
        else slice[slot / Size] = numbers;
    }

    public void Advance(int depth)
    {
        atDepth += depth;
        place += step;
    }

    private static bool Fits(long start, long lineStride, long depthStride, long lines, long depth) =>
        start % Size == 0 && (depthStride == 1 ? lineStride % Size == 0 && depth % Size == 0 : lineStride == 1 && depthStride % Size == 0 && lines % Size == 0);

    [StructLayout(LayoutKind.Sequential)]
    private struct Stored<T> where T : unmanaged
    {
        public T X, Y, Z, W;
    }
}
