using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LazyHost.Backends.Simd.Lanes;

/// <summary>Turns a block: to[r * pitch + c] = from[c * stride + r]. Elements of 4 bytes in squares of 8 by 8, in registers.</summary>
internal static unsafe class BlockTranspose
{
    public static void Run(byte* to, long pitch, byte* from, long stride, int size, long rows, long columns)
    {
        switch (size)
        {
            case 4 when Avx.IsSupported: Squares((float*)to, pitch, (float*)from, stride, rows, columns); break;
            case 4: Plain((int*)to, pitch, (int*)from, stride, 0, rows, 0, columns); break;
            case 8: Plain((long*)to, pitch, (long*)from, stride, 0, rows, 0, columns); break;
            case 2: Plain((short*)to, pitch, (short*)from, stride, 0, rows, 0, columns); break;
            default: Plain(to, pitch, from, stride, 0, rows, 0, columns); break;
        }
    }

    private static void Plain<T>(T* to, long pitch, T* from, long stride, long firstRow, long rows, long firstColumn, long columns) where T : unmanaged
    {
        for (var c = firstColumn; c < columns; c++)
            for (var r = firstRow; r < rows; r++) to[(r * pitch) + c] = from[(c * stride) + r];
    }

    private static void Squares(float* to, long pitch, float* from, long stride, long rows, long columns)
    {
        var (wholeRows, wholeColumns) = (rows & ~7, columns & ~7);
        for (long c = 0; c < wholeColumns; c += 8)
            for (long r = 0; r < wholeRows; r += 8) Square(to + (r * pitch) + c, pitch, from + (c * stride) + r, stride);
        Plain(to, pitch, from, stride, wholeRows, rows, 0, columns);
        Plain(to, pitch, from, stride, 0, wholeRows, wholeColumns, columns);
    }

    /// <summary>Pairs, then fours, then halves change places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(float* to, long pitch, float* from, long stride)
    {
        var (a, b, c, d) = (Vector256.Load(from), Vector256.Load(from + stride), Vector256.Load(from + (2 * stride)), Vector256.Load(from + (3 * stride)));
        from += 4 * stride;
        var (e, f, g, h) = (Vector256.Load(from), Vector256.Load(from + stride), Vector256.Load(from + (2 * stride)), Vector256.Load(from + (3 * stride)));
        var (ab, AB, cd, CD) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
        var (ef, EF, gh, GH) = (Avx.UnpackLow(e, f), Avx.UnpackHigh(e, f), Avx.UnpackLow(g, h), Avx.UnpackHigh(g, h));
        var (q0, q1, q2, q3) = (Avx.Shuffle(ab, cd, 0x44), Avx.Shuffle(ab, cd, 0xEE), Avx.Shuffle(AB, CD, 0x44), Avx.Shuffle(AB, CD, 0xEE));
        var (p0, p1, p2, p3) = (Avx.Shuffle(ef, gh, 0x44), Avx.Shuffle(ef, gh, 0xEE), Avx.Shuffle(EF, GH, 0x44), Avx.Shuffle(EF, GH, 0xEE));
        Avx.Permute2x128(q0, p0, 0x20).Store(to);
        Avx.Permute2x128(q1, p1, 0x20).Store(to + pitch);
        Avx.Permute2x128(q2, p2, 0x20).Store(to + (2 * pitch));
        Avx.Permute2x128(q3, p3, 0x20).Store(to + (3 * pitch));
        Avx.Permute2x128(q0, p0, 0x31).Store(to + (4 * pitch));
        Avx.Permute2x128(q1, p1, 0x31).Store(to + (5 * pitch));
        Avx.Permute2x128(q2, p2, 0x31).Store(to + (6 * pitch));
        Avx.Permute2x128(q3, p3, 0x31).Store(to + (7 * pitch));
    }
}
