using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LazyHost.Backends.Simd.Products;

/// <summary>
/// Copies a strip of a matrix so that the elements of each step along k lie together: out[k * width + i] = strip[i, k], with zeros for what the strip lacks. A strip
/// is some rows of A, or some columns of B seen transposed.
/// </summary>
internal static unsafe class Packing
{
    /// <param name="to">Room for depth * width elements.</param>
    /// <param name="from">The strip's first element.</param>
    /// <param name="across">Elements between neighbours that go together.</param>
    /// <param name="along">Elements between steps of k.</param>
    /// <param name="count">How many of <paramref name="width"/> there are.</param>
    /// <param name="width">The size of a step.</param>
    /// <param name="depth">The number of steps.</param>
    public static void Pack<T>(T* to, T* from, long across, long along, int count, int width, long depth) where T : unmanaged
    {
        if (across == 1) Copy(to, from, along, count, width, depth);
        else if (along == 1 && sizeof(T) == 4) Transpose((float*)to, (float*)from, across, count, width, depth);
        else Strided(to, from, across, along, count, width, depth, 0, 0);
    }

    private static void Copy<T>(T* to, T* from, long along, int count, int width, long depth) where T : unmanaged
    {
        for (long k = 0; k < depth; k++, to += width, from += along)
        {
            if (count == width) Unsafe.CopyBlockUnaligned(to, from, (uint)(width * sizeof(T)));
            else Partial(to, from, count, width);
        }
    }

    private static void Partial<T>(T* to, T* from, int count, int width) where T : unmanaged
    {
        for (var i = 0; i < count; i++) to[i] = from[i];
        for (var i = count; i < width; i++) to[i] = default;
    }

    private static void Strided<T>(T* to, T* from, long across, long along, int count, int width, long depth, int firstColumn, long firstStep) where T : unmanaged
    {
        for (var k = firstStep; k < depth; k++)
            for (var i = firstColumn; i < width; i++)
                to[(k * width) + i] = i < count ? from[(i * across) + (k * along)] : default;
    }

    /// <summary>Rows whose steps lie together: squares of 4 by 4 are turned in registers.</summary>
    private static void Transpose(float* to, float* from, long across, int count, int width, long depth)
    {
        var (squares, steps) = (count & ~3, depth & ~3);
        for (var i = 0; i < squares; i += 4)
        {
            var row = from + (i * across);
            for (long k = 0; k < steps; k += 4)
            {
                var a = Vector128.Load(row + k);
                var b = Vector128.Load(row + across + k);
                var c = Vector128.Load(row + (2 * across) + k);
                var d = Vector128.Load(row + (3 * across) + k);
                var (ac, bd) = (Low(a, c), Low(b, d));
                var (ca, db) = (High(a, c), High(b, d));
                var out0 = to + (k * width) + i;
                Low(ac, bd).Store(out0);
                High(ac, bd).Store(out0 + width);
                Low(ca, db).Store(out0 + (2 * width));
                High(ca, db).Store(out0 + (3 * width));
            }
        }
        Strided(to, from, across, 1, count, width, steps, squares, 0);
        Strided(to, from, across, 1, count, width, depth, 0, steps);
    }

    /// <summary>a0 b0 a1 b1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => System.Runtime.Intrinsics.X86.Sse.IsSupported
        ? System.Runtime.Intrinsics.X86.Sse.UnpackLow(a, b) : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>a2 b2 a3 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) => System.Runtime.Intrinsics.X86.Sse.IsSupported
        ? System.Runtime.Intrinsics.X86.Sse.UnpackHigh(a, b) : Vector128.Create(a[2], b[2], a[3], b[3]);
}
