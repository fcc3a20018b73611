using System.Numerics;
using System.Reflection;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Numbers;
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
        ? [(1, 5, 3, 7), (1, 20, 18, 17), (2, 4, 5, 0)]
        :
        [
            (1, 1, 1, 1), (1, 5, 3, 7), (3, 64, 64, 64), (1, 13, 33, 300), (1, 40, 129, 257), (1, 1, 200, 90), (1, 200, 1, 90), (1, 3, 200, 40), (3, 17, 40, 19), (1, 130, 70, 131), (1, 4, 0, 3), (2, 4, 5, 0),
            (1, 33, 18, 0), (7, 2, 2, 2), (2, 12, 12, 700), (1, 2, 70, 1500), (1, 70, 2, 1500), (33, 129, 131, 9),
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
                if (b * m * n > 100_000 && (layout > 0 || type == DType.UInt64)) continue;
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

    [Theory, MemberData(nameof(Types))]
    public void Every_kernel_becomes_PTX(DType type) => ElementTypes.Visit<Compiler, int>(type, default);

    public static TheoryData<DType> Types => [DType.Float32, DType.Float64, DType.Float16, DType.BFloat16, DType.Int8, DType.UInt64];

    private readonly struct Compiler : IElementVisitor<int>
    {
        public int Visit<TStored, T, TStorage>() where TStored : unmanaged where T : unmanaged, INumber<T>, IMinMaxValue<T> where TStorage : struct, IStorage<TStored, T>
        {
            foreach (var architecture in Ptx.Architectures)
            {
                Type[] types = [typeof(TStored), typeof(T), typeof(TStorage)];
                Ptx.Compile(Kernel(typeof(PlainKernel), types), architecture);
                if (!(typeof(T) == typeof(float) || typeof(T) == typeof(double))) continue;
                Ptx.Compile(Kernel(typeof(LineKernel), types), architecture);
                foreach (var block in (Type[])[typeof(SmallBlock<T>), typeof(LargeBlock<T>)])
                {
                    var ptx = Ptx.Compile(Kernel(typeof(TileKernel), [.. types, block, typeof(MatrixLines), typeof(MatrixLines), typeof(MatrixPlaces)]), architecture);
                    // Sums that are not in registers, or a function that is called, would cost most of the speed.
                    Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
                    Assert.DoesNotContain("call ", ptx, StringComparison.Ordinal);
                    if (typeof(T) == typeof(float)) Assert.Contains("ld.shared.v4.f32", ptx, StringComparison.Ordinal);
                }
            }
            return 0;
        }

        private static MethodInfo Kernel(Type holder, Type[] types) => holder.GetMethod("Run", BindingFlags.Public | BindingFlags.Static)!.MakeGenericMethod(types);
    }
}
