using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>Pieces of long lines, so that several groups work on each where there are few.</summary>
/// <param name="Count">Pieces of a line.</param>
/// <param name="Size">Elements of a piece; the last one may have fewer.</param>
internal readonly record struct LineChunks(int Count, long Size)
{
    private const long LeastSize = 2048, ManyGroups = 512;

    public static LineChunks Of(Axis axis)
    {
        var count = Math.Min(axis.Size / LeastSize, ManyGroups / Math.Max(1, axis.Lines));
        if (count < 2) return new(1, axis.Size);
        var size = ((axis.Size + count - 1) / count + LeastSize - 1) / LeastSize * LeastSize;
        return new((int)((axis.Size + size - 1) / size), size);
    }
}
