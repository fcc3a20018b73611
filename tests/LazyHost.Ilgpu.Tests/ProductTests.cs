using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Products;
using LazyHost.IR;
using LazyHost.Lowering.Programs;
using LazyHost.Operators;
using LazyHost.Simd.Tests;

namespace LazyHost.Ilgpu.Tests;

public sealed class ProductTests
{
    /// <summary>The simulation runs thread by thread: one size for each kernel there.</summary>
    private static readonly (long B, long M, long N, long K)[] Sizes = TestDevice.Type == AcceleratorType.CPU
        ? [(1, 5, 3, 7), (1, 20, 18, 17), (1, 20, 24, 20), (2, 4, 5, 0)]
        :
        [
            (1, 1, 1, 1), (1, 5, 3, 7), (3, 64, 64, 64), (1, 13, 33, 300), (1, 40, 129, 257), (1, 1, 200, 90), (1, 200, 1, 90), (1, 3, 200, 40), (3, 17, 40, 19), (1, 130, 70, 131), (1, 4, 0, 3), (2, 4, 5, 0),
            (1, 33, 18, 0), (7, 2, 2, 2), (2, 12, 12, 700), (1, 2, 70, 1500), (1, 70, 2, 1500), (33, 129, 131, 9), (2, 40, 33, 1100), (1, 40, 128, 60), (33, 132, 136, 12), (2, 40, 36, 1104),
        ];

    [Theory, InlineData(DType.Float32), InlineData(DType.Float64), InlineData(DType.Float16), InlineData(DType.BFloat16), InlineData(DType.Int32), InlineData(DType.UInt64), InlineData(DType.Int8), InlineData(DType.UInt16)]
    public void Products_of_every_layout_agree_with_the_reference(DType type)
    {
        if (TestDevice.Type == AcceleratorType.CPU && type is not (DType.Float32 or DType.BFloat16)) Assert.Skip("only a device is fast enough for every type");
        using var device = new TestDevice();
        var random = new Random(9);
        foreach (var (b, m, n, k) in Sizes)
            for (var layout = 0; layout < 4; layout++)
            {
                if (b * m * n > 100_000 && (layout > 0 && m % 4 > 0 || type == DType.UInt64)) continue;
                var (isTurnedA, isTurnedB) = ((layout & 1) != 0, (layout & 2) != 0);
                TensorType left = new(type, isTurnedA ? [b, k, m] : [b, m, k]), right = new(type, isTurnedB ? [b, n, k] : [b, k, n]);
                StepRunner.Compare(device.Session, Primitives.DotGeneral,
                    Attributes.Of(new long[] { 0 }, new long[] { 0 }, new long[] { isTurnedA ? 1 : 2 }, new long[] { isTurnedB ? 2 : 1 }),
                    [(left, Elements.Random(random, left, false)), (right, Elements.Random(random, right, false))],
                    type.IsFloat() ? new Tolerance(Tolerance.Default(type).Relative * 4, type == DType.Float64 ? 1e-11 : type == DType.Float32 ? 2e-3 : 0.1) : Tolerance.Exact,
                    buffers => new DotStep(type, b, m, n, k,
                        new(buffers[0], 0, m * k, isTurnedA ? 1 : k, isTurnedA ? m : 1), new(buffers[1], 0, k * n, isTurnedB ? 1 : n, isTurnedB ? k : 1), new(buffers[2], 0, m * n, n, 1)));
            }
    }

    [Theory, InlineData(DType.Float32), InlineData(DType.Float64), InlineData(DType.BFloat16), InlineData(DType.UInt64)]
    public void Every_kernel_becomes_PTX(DType type)
    {
        if (TestDevice.Type != AcceleratorType.CPU) Assert.Skip("no device plays a part; runs without one");
        using var device = new TestDevice();
        foreach (var (b, m, n, k) in ((long, long, long, long)[])[(1, 4, 9, 9), (1, 9, 9, 9), (1, 90, 90, 9), (1, 90, 90, 900), (200, 90, 90, 9), (1, 92, 92, 12), (200, 92, 92, 12)])
            new ProductCompiler(device.Session).Compile(new(type, b, m, n, k, new(0, 0, m * k, k, 1), new(1, 0, k * n, n, 1), new(2, 0, m * n, n, 1)), []);
        // Parts of a sum are stored in f32, by another kernel where results are narrower.
        Assert.Equal(type switch { DType.UInt64 => 1, DType.BFloat16 => 8, _ => 7 }, device.Session.Kernels.Methods.Count);
        foreach (var architecture in Ptx.Architectures)
            foreach (var method in device.Session.Kernels.Methods)
            {
                var ptx = Ptx.Compile(method, architecture);
                // Sums that are not in registers, or a function that is called, would cost most of the speed.
                Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
                Assert.DoesNotContain("call ", ptx, StringComparison.Ordinal);
                if (method.DeclaringType == typeof(TileKernel) && type != DType.Float64) Assert.Contains("ld.shared.v4.f32", ptx, StringComparison.Ordinal);
            }
    }
}
