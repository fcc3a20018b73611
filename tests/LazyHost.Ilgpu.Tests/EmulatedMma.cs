using ILGPU;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;
using LazyHost.Backends.Ilgpu.TensorCores;

namespace LazyHost.Ilgpu.Tests;

/// <summary>
/// What mma.m16n8k16 does, by the layout its documentation writes down element by element, for devices that lack it: each lane lays its registers open to its warp, and adds up its own results.
/// </summary>
internal readonly struct EmulatedMma<TStorage> : IMma where TStorage : struct, IStorage<ushort, float>
{
    private const int Registers = 6;

    public static int Scratch => MmaKernel.Threads * Registers;

    public static Quad<float> Plus(Quad<float> sums, Quad<uint> a, uint b0, uint b1, ArrayView<uint> scratch)
    {
        var (lane, warp) = (Group.IdxX & 31, (Group.IdxX & ~31) * Registers);
        var own = warp + (lane * Registers);
        scratch[own] = a.X;
        scratch[own + 1] = a.Y;
        scratch[own + 2] = a.Z;
        scratch[own + 3] = a.W;
        scratch[own + 4] = b0;
        scratch[own + 5] = b1;
        Group.Barrier();
        var (row, column) = (lane >> 2, (lane & 3) * 2);
        for (var k = 0; k < 16; k++)
        {
            var (left, right) = (B(scratch, warp, k, column), B(scratch, warp, k, column + 1));
            var (top, bottom) = (A(scratch, warp, row, k), A(scratch, warp, row + 8, k));
            sums = new() { X = sums.X + (top * left), Y = sums.Y + (top * right), Z = sums.Z + (bottom * left), W = sums.W + (bottom * right) };
        }
        Group.Barrier();
        return sums;
    }

    /// <summary>Element (row, k) is a[i] of the lane 4 (row mod 8) + (k mod 8) / 2, with i = k mod 2, + 2 for rows from 8 on, + 4 for k from 8 on.</summary>
    private static float A(ArrayView<uint> scratch, int warp, int row, int k) => Half(scratch, warp, ((row & 7) << 2) + ((k & 7) >> 1), (k & 1) + (row >= 8 ? 2 : 0) + (k >= 8 ? 4 : 0));

    /// <summary>Element (k, column) is b[i] of the lane 4 column + (k mod 8) / 2, with i = k mod 2, + 2 for k from 8 on.</summary>
    private static float B(ArrayView<uint> scratch, int warp, int k, int column) => Half(scratch, warp, (column << 2) + ((k & 7) >> 1), 8 + (k & 1) + (k >= 8 ? 2 : 0));

    private static float Half(ArrayView<uint> scratch, int warp, int lane, int element) =>
        TStorage.Widen((ushort)(scratch[warp + (lane * Registers) + (element >> 1)] >> ((element & 1) << 4)));

    public static void One(ArrayView<ushort> to, long place, float sum) => to[place] = TStorage.Narrow(sum);

    public static void Two(ArrayView<ushort> to, long place, float first, float second) => to.Cast<uint>()[place >> 1] = TStorage.Narrow(first) | ((uint)TStorage.Narrow(second) << 16);
}
