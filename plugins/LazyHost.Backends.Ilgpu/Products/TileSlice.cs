using System.Numerics;
using ILGPU;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>A slice of one side in shared memory: 1,024 numbers, 128 lines of depth 8 or 64 of depth 16, the depth first.</summary>
internal static class TileSlice
{
    /// <summary>Threads that load a slice, four numbers each.</summary>
    public const int Threads = 256;

    /// <summary>Quads of the larger of both kinds of slice.</summary>
    public const int Quads = 16 * (64 + Padding) / 4;

    /// <summary>Four numbers between two depths, so that threads that load along the depth write to different banks.</summary>
    private const int Padding = 4;

    private const int SizeLog = 10;

    /// <summary>The base-2 logarithm of the depth of a slice of 2 ^ <paramref name="sizeLog"/> lines.</summary>
    public static int DepthLog(int sizeLog) => SizeLog - sizeLog;

    /// <summary>Numbers from one depth to the next.</summary>
    public static int Pitch(int sizeLog) => (1 << sizeLog) + Padding;

    /// <summary>Puts four numbers a step apart.</summary>
    public static void Put<T>(ArrayView<Quad<T>> slice, int place, int step, Quad<T> numbers) where T : unmanaged, INumber<T>
    {
        var to = slice.Cast<T>().SubView(place);
        to[0] = numbers.X;
        to[step] = numbers.Y;
        to[2 * step] = numbers.Z;
        to[3 * step] = numbers.W;
    }
}
