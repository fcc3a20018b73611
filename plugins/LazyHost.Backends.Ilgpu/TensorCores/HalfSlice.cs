using ILGPU;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>
/// A slice of one side in shared memory: 128 lines of depth 32, each line as four runs of eight neighbouring depths. It lies as lanes read it: a block of 16 lines is two halves of 32 quads, one for each lane, four
/// quads of the second half changing places with their neighbours, so that nobody meets in a bank who writes one pair of depths of eight lines.
/// </summary>
/// <remarks>
/// Sums do not mind in which order depths are numbered, as long as both sides agree: what the instruction calls depths 2t, 2t + 1, 2t + 8 and 2t + 9 are here the first half of the t-th run, and the second half for the
/// next instruction. So a quad of B is a column's run and feeds two instructions; the upper eight columns of a block are its first half. A quad of A has what one instruction needs: a pair of a row, the same
/// of the row eight further, the next pair of both; its halves are the two instructions.
/// </remarks>
internal static class HalfSlice
{
    public const int Lines = 128;
    public const int Depth = 32;

    /// <summary>Numbers of a run.</summary>
    public const int Run = 8;

    /// <summary>Quads of a slice.</summary>
    public const int Quads = Lines * Depth / Run;

    /// <summary>Lines of a block.</summary>
    public const int Block = 16;

    private const int Half = 32;
    private const int Word = 4;

    /// <summary>A lane's quad of the first half of a block.</summary>
    public static Quad<uint> First(ArrayView<Quad<uint>> lines, int line, int lane) => lines.SubView(lane)[line / Block * 2 * Half];

    /// <summary>A lane's quad of the second half.</summary>
    public static Quad<uint> Second(ArrayView<Quad<uint>> lines, int line, int lane) => lines.SubView(lane ^ 4)[(line / Block * 2 * Half) + Half];

    /// <summary>Puts a run of the line lane / 4 of a warp's block, the lane's last two bits saying which, and the same of the line eight further.</summary>
    public static void Put(ArrayView<Quad<uint>> slice, HalfRuns runs, bool isLeft)
    {
        var (lane, start) = (Group.IdxX & 31, (Group.IdxX >> 5) * 2 * Half);
        var (top, bottom) = (runs.First, runs.Second);
        slice[start + lane] = isLeft ? new() { X = top.X, Y = bottom.X, Z = top.Y, W = bottom.Y } : top;
        slice[start + Half + (lane ^ 4)] = isLeft ? new() { X = top.Z, Y = bottom.Z, Z = top.W, W = bottom.W } : bottom;
    }

    /// <summary>Puts eight lines at two depths: 16 lanes share the upper lines of a warp's block, a pair of depths each, and 16 the lower ones.</summary>
    public static void PutTurned(ArrayView<Quad<uint>> slice, HalfRuns runs, bool isLeft)
    {
        var (pair, lower, words) = (Group.IdxX & 15, (Group.IdxX >> 4) & 1, slice.Cast<uint>());
        // Which half it is, and the place among the words of four runs.
        var (half, inRuns) = isLeft ? ((pair >> 1) & 1, (pair & 12) | ((pair & 1) << 1) | lower) : (lower, pair);
        var start = ((((Group.IdxX >> 5) * 2) + half) * Half * Word) + (half << 4) + inRuns;
        var (even, odd) = (words.SubView(start), words.SubView(start ^ 16));
        var (one, two) = (runs.First, runs.Second);
        even[0] = (one.X & 0xFFFFu) | (two.X << 16);
        odd[0] = (one.X >> 16) | (two.X & 0xFFFF0000u);
        even[2 * 16] = (one.Y & 0xFFFFu) | (two.Y << 16);
        odd[2 * 16] = (one.Y >> 16) | (two.Y & 0xFFFF0000u);
        even[4 * 16] = (one.Z & 0xFFFFu) | (two.Z << 16);
        odd[4 * 16] = (one.Z >> 16) | (two.Z & 0xFFFF0000u);
        even[6 * 16] = (one.W & 0xFFFFu) | (two.W << 16);
        odd[6 * 16] = (one.W >> 16) | (two.W & 0xFFFF0000u);
    }
}
