using ILGPU;
using ILGPU.Runtime.Cuda;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>The instruction for bf16; from compute capability 8.0 on.</summary>
internal readonly struct BFloat16Mma : IMma
{
    public static int Scratch => 1;

    public static Quad<float> Plus(Quad<float> sums, Quad<uint> a, uint b0, uint b1, ArrayView<uint> scratch)
    {
        if (!CudaAsm.IsSupported) return sums;
        Ref<float> x = new() { Value = sums.X }, y = new() { Value = sums.Y }, z = new() { Value = sums.Z }, w = new() { Value = sums.W };
        Input<uint> a0 = a.X, a1 = a.Y, a2 = a.Z, a3 = a.W, first = b0, second = b1;
        CudaAsm.EmitRef("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};",
            ref x, ref y, ref z, ref w, ref a0, ref a1, ref a2, ref a3, ref first, ref second);
        return new() { X = x.Value, Y = y.Value, Z = z.Value, W = w.Value };
    }

    public static void One(ArrayView<ushort> to, long place, float sum) => to[place] = BFloat16Storage.Narrow(sum);

    public static void Two(ArrayView<ushort> to, long place, float first, float second)
    {
        if (!CudaAsm.IsSupported) return;
        CudaAsm.Emit("cvt.rn.bf16x2.f32 %0, %1, %2;", out uint pair, second, first);
        to.Cast<uint>()[place >> 1] = pair;
    }
}
