using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;
using LazyHost.Backends.Ilgpu.TensorCores;
using LazyHost.IR;
using LazyHost.Lowering.Programs;
using LazyHost.Operators;
using LazyHost.Simd.Tests;

namespace LazyHost.Ilgpu.Tests;

public sealed class MmaTests
{
    /// <summary>The formulas of the PTX documentation for c[i]. Those for a[i] and b[i] are what <see cref="EmulatedMma{TStorage}"/> goes by.</summary>
    [Fact]
    public void Sums_lie_as_the_instruction_has_them()
    {
        for (var lane = 0; lane < 32; lane++)
            for (var i = 0; i < 4; i++)
                Assert.Equal((i < 2 ? lane / 4 : (lane / 4) + 8, (lane % 4 * 2) + (i & 1)), (MmaFragment.RowOfSum(lane, i), MmaFragment.ColumnOfSum(lane, i)));
    }

    [Theory, InlineData(DType.BFloat16), InlineData(DType.Float16)]
    public void Tiles_of_every_layout_agree_with_the_reference(DType type)
    {
        if (TestDevice.Type == AcceleratorType.CPU) Assert.Skip("only a device is fast enough");
        using var device = new TestDevice();
        var random = new Random(2);
        foreach (var (b, m, n, k) in ((long, long, long, long)[])[(1, 128, 128, 32), (2, 136, 144, 72), (1, 64, 264, 40), (1, 65, 67, 48), (2, 72, 72, 1096)])
            for (var layout = 0; layout < 4; layout++)
            {
                var (isTurnedA, isTurnedB) = ((layout & 1) != 0, (layout & 2) != 0);
                if ((isTurnedA && m % 8 != 0) || (!isTurnedB && n % 8 != 0)) continue;
                TensorType left = new(type, isTurnedA ? [b, k, m] : [b, m, k]), right = new(type, isTurnedB ? [b, n, k] : [b, k, n]);
                StepRunner.Compare(device.Session, Primitives.DotGeneral,
                    Attributes.Of(new long[] { 0 }, new long[] { 0 }, new long[] { isTurnedA ? 1 : 2 }, new long[] { isTurnedB ? 2 : 1 }),
                    [(left, Elements.Random(random, left, false)), (right, Elements.Random(random, right, false))], new(Tolerance.Default(type).Relative * 4, 0.1),
                    buffers => new DotStep(type, b, m, n, k,
                        new(buffers[0], 0, m * k, isTurnedA ? 1 : k, isTurnedA ? m : 1), new(buffers[1], 0, k * n, isTurnedB ? 1 : n, isTurnedB ? k : 1), new(buffers[2], 0, m * n, n, 1)),
                    dot =>
                    {
                        Assert.True(TensorCore.Fits(dot));
                        if (TensorCore.IsOn(device.Session.Accelerator))
                            return type == DType.BFloat16 ? new MmaStep<BFloat16Storage, BFloat16Mma>(device.Session, dot) : new MmaStep<Float16Storage, Float16Mma>(device.Session, dot);
                        if (TensorCore.IsOn(device.Session.Accelerator))
                            return type == DType.BFloat16 ? new MmaStep<BFloat16Storage, BFloat16Mma>(device.Session, dot) : new MmaStep<Float16Storage, Float16Mma>(device.Session, dot);
                        return type == DType.BFloat16 ? new MmaStep<BFloat16Storage, EmulatedMma<BFloat16Storage>>(device.Session, dot) : new MmaStep<Float16Storage, EmulatedMma<Float16Storage>>(device.Session, dot);
                    });
            }
    }

    [Fact]
    public void Sides_that_cannot_be_loaded_eight_at_a_time_do_not_fit()
    {
        DotStep Step(long m, long n, long k, long offset = 0) => new(DType.BFloat16, 1, m, n, k, new(0, offset, m * k, k, 1), new(1, 0, k * n, n, 1), new(2, 0, m * n, n, 1));
        Assert.True(TensorCore.Fits(Step(64, 64, 8)));
        Assert.True(TensorCore.Fits(Step(65, 64, 8)));
        Assert.False(TensorCore.Fits(Step(64, 65, 8)));
        Assert.False(TensorCore.Fits(Step(64, 64, 9)));
        Assert.False(TensorCore.Fits(Step(64, 64, 8, offset: 4)));
        Assert.False(TensorCore.Fits(Step(64, 64, 8) with { DType = DType.Float32 }));
    }

    [Fact]
    public void The_kernels_become_PTX_with_the_instruction()
    {
        foreach (var architecture in Ptx.Architectures)
        {
            var (half, brain) = (Compile<Float16Mma>(architecture), Compile<BFloat16Mma>(architecture));
            foreach (var text in brain)
            {
                Assert.Equal(32, text.Split("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {").Length - 1);
                Assert.Contains("ld.global.v4.b32", text, StringComparison.Ordinal);
                Assert.Equal(12, text.Split("ld.shared.v4.b32").Length - 1);
            }
            foreach (var text in half) Assert.Contains("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {", text, StringComparison.Ordinal);
            Assert.Contains("cvt.rn.bf16x2.f32", brain[0], StringComparison.Ordinal);
            Assert.Contains("cvt.rn.f16x2.f32", half[0], StringComparison.Ordinal);
        }
    }

    private static string[] Compile<TMma>(CudaArchitecture architecture) where TMma : struct, IMma => Ptx.Compile(
        [((Delegate)MmaKernel.Run<ushort, TMma, TMma, HalfLines, MatrixPlaces>).Method, ((Delegate)MmaKernel.Run<float, PlainSums, TMma, HalfLines, MatrixPlaces>).Method], architecture);
}
