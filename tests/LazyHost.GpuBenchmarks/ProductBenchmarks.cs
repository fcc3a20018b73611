using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;
using LazyHost.Backends.Ilgpu.TensorCores;
using LazyHost.Lowering.Programs;

namespace LazyHost.GpuBenchmarks;

/// <summary>Matrix products by each way there is.</summary>
internal static class ProductBenchmarks
{
    private const int Samples = 7;

    public static void Run(Bench bench)
    {
        foreach (var n in bench.Options.Small ? (int[])[64] : [1024, 2048, 4096])
        {
            var direct = Direct(bench, DType.Float32, n);
            Product(bench, $"product {n}, f32, the backend's choice", DType.Float32, n, null, direct, wanted: 95);
            Product(bench, $"product {n}, f32, own kernel", DType.Float32, n, dot => new TileStep<float, float, PlainStorage<float>>(bench.Session, dot), direct, wanted: 50);
        }
        var large = bench.Options.Small ? 64 : 4096;
        var directHalf = Direct(bench, DType.BFloat16, large);
        Product(bench, $"product {large}, bf16, the backend's choice", DType.BFloat16, large, null, directHalf, wanted: 95);
        var own = $"product {large}, bf16, own kernel on tensor cores";
        if (!TensorCore.IsOn(bench.Session.Accelerator)) bench.Report.Lack(own, "the device has none");
        else Product(bench, own, DType.BFloat16, large, dot => new MmaStep<BFloat16Storage, BFloat16Mma>(bench.Session, dot), directHalf, wanted: 35);
    }

    private static double? Direct(Bench bench, DType type, long n) =>
        Product(bench, $"product {n}, {type.Name()}, cuBLAS directly", type, n, dot => new DirectProduct(bench.Session, dot), limit: null, wanted: null);

    private static double? Product(Bench bench, string name, DType type, long n, Func<DotStep, DeviceStep>? make, double? limit, double? wanted) => bench.Report.Measure(name, "TFLOP/s", () =>
    {
        var matrix = new TensorType(type, Shape.Create([n, n]));
        var program = new KernelProgram(
            [new(0, BufferKind.Input, 0, matrix, 0, default), new(1, BufferKind.Input, 1, matrix, 0, default), new(2, BufferKind.Output, 0, matrix, 0, default)],
            [new DotStep(type, 1, n, n, n, new(0, 0, n * n, n, 1), new(1, 0, n * n, n, 1), new(2, 0, n * n, n, 1))], 0, []);
        using var prepared = new PreparedProgram(bench.Session, program, product: make);
        var seconds = bench.Clock.OfDevice(prepared.Enqueue);
        Check(prepared, type, n);
        return 2.0 * n * n * n / seconds / 1e12;
    }, limit, wanted);

    /// <summary>Throws where one of some results is not what it should be: a fast product of other numbers is none.</summary>
    private static void Check(PreparedProgram prepared, DType type, long n)
    {
        for (var i = 0; i <= Samples; i++)
        {
            var (row, column) = (i * (n - 1) / Samples, (Samples - i) * (n - 1) / Samples);
            var expected = 0.0;
            for (long k = 0; k < n; k++) expected += SomeNumbers.At(type, (row * n) + k) * SomeNumbers.At(type, (k * n) + column);
            var bytes = prepared.Read(2, ((row * n) + column) * type.Size(), type.Size());
            var actual = type == DType.Float32 ? BitConverter.ToSingle(bytes) : BitConverter.Int32BitsToSingle(BitConverter.ToUInt16(bytes) << 16);
            if (!(Math.Abs(actual - expected) <= (type == DType.Float32 ? 1e-4 : 2e-2))) throw new InvalidOperationException($"result [{row}, {column}] is {actual}, not {expected}");
        }
    }
}
