using System.Numerics;
using ILGPU;
using ILGPU.Util;
using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>A batch of matrices with any strides, loaded number by number: neighbouring threads take neighbours along whichever way is contiguous.</summary>
internal struct MatrixLines(long offset, long batchStride, long lineStride, long depthStride, int lines, int depth) : ILines
{
    private readonly long offset = offset, batchStride = batchStride, lineStride = lineStride, depthStride = depthStride;
    private readonly int lines = lines, depth = depth;
    private long place, step;
    private int atLine, atDepth, lineStep, depthStep, slot, slotStep;

    public void Begin(long batch, int first, int depth, int sizeLog)
    {
        var (depthLog, pitch) = (TileSlice.DepthLog(sizeLog), TileSlice.Pitch(sizeLog));
        var isAlongDepth = depthStride == 1;
        var inLine = isAlongDepth ? Group.IdxX >> depthLog : Group.IdxX & ((1 << sizeLog) - 1);
        var inDepth = isAlongDepth ? Group.IdxX & ((1 << depthLog) - 1) : Group.IdxX >> sizeLog;
        (lineStep, depthStep) = (isAlongDepth ? TileSlice.Threads >> depthLog : 0, isAlongDepth ? 0 : TileSlice.Threads >> sizeLog);
        (slot, slotStep) = ((inDepth * pitch) + inLine, lineStep + (depthStep * pitch));
        (atLine, atDepth) = (first + inLine, depth + inDepth);
        place = offset + (batch * batchStride) + (atLine * lineStride) + (atDepth * depthStride);
        step = (lineStep * lineStride) + (depthStep * depthStride);
    }

    public readonly Quad<T> Load<TStored, T, TStorage>(ArrayView<TStored> from) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> => new()
    {
        X = One<TStored, T, TStorage>(from, 0),
        Y = One<TStored, T, TStorage>(from, 1),
        Z = One<TStored, T, TStorage>(from, 2),
        W = One<TStored, T, TStorage>(from, 3),
    };

    public readonly void Put<T>(ArrayView<Quad<T>> slice, Quad<T> numbers) where T : unmanaged, INumber<T> => TileSlice.Put(slice, slot, slotStep, numbers);

    public void Advance(int depth)
    {
        atDepth += depth;
        place += depth * depthStride;
    }

    /// <summary>Outside it reads the first element instead, so that no load waits for a branch.</summary>
    private readonly T One<TStored, T, TStorage>(ArrayView<TStored> from, int i) where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    {
        var isInside = atLine + (i * lineStep) < lines & atDepth + (i * depthStep) < depth;
        return Utilities.Select(isInside, TStorage.Widen(from[Utilities.Select(isInside, place + (i * step), offset)]), T.Zero);
    }
}
