using ILGPU;
using ILGPU.Util;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;
using LazyHost.Backends.Ilgpu.TensorCores;

namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>The windows of a convolution of 16-bit numbers over images without zeros between their elements: a thread gathers a run of a line, and of the line eight further.</summary>
internal struct HalfWindows(ArrayView<Tap> taps, WindowSizes sizes) : IHalfLines
{
    private readonly ArrayView<Tap> taps = taps;
    private WindowLines first = new(taps, sizes), second = new(taps, sizes);
    private int atDepth;

    public void Begin(long batch, int first, int depth)
    {
        var line = first + ((Group.IdxX >> 5) * HalfSlice.Block) + ((Group.IdxX >> 2) & 7);
        this.first.Begin(batch, line);
        second.Begin(batch, line + (HalfSlice.Block / 2));
        atDepth = depth + ((Group.IdxX & 3) * HalfSlice.Run);
    }

    public readonly HalfRuns Load(ArrayView<ushort> from)
    {
        // The depth is a multiple of a run.
        var isInside = first.HasTap(atDepth);
        var depth = Utilities.Select(isInside, atDepth, 0);
        Pair a = Load(from, depth, isInside), b = Load(from, depth + 2, isInside), c = Load(from, depth + 4, isInside), d = Load(from, depth + 6, isInside);
        return new()
        {
            First = new() { X = a.First, Y = b.First, Z = c.First, W = d.First },
            Second = new() { X = a.Second, Y = b.Second, Z = c.Second, W = d.Second },
        };
    }

    public readonly void Put(ArrayView<Quad<uint>> slice, HalfRuns numbers, bool isLeft) => HalfSlice.Put(slice, numbers, isLeft);

    public void Advance() => atDepth += HalfSlice.Depth;

    private readonly Pair Load(ArrayView<ushort> from, int depth, bool isInside)
    {
        var (tap, next) = (taps[depth], taps[depth + 1]);
        return new()
        {
            First = One(first, from, tap, isInside) | (One(first, from, next, isInside) << 16),
            Second = One(second, from, tap, isInside) | (One(second, from, next, isInside) << 16),
        };
    }

    private static uint One(WindowLines line, ArrayView<ushort> from, Tap tap, bool isInside) => line.Dense<ushort, ushort, PlainStorage<ushort>>(from, tap, isInside);

    /// <summary>Two depths of both lines.</summary>
    private struct Pair
    {
        public uint First, Second;
    }
}
