using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;
using LazyHost.Lowering.Programs;

namespace LazyHost.GpuBenchmarks;

/// <summary>Matrix products by each way there is.</summary>
internal static class ProductBenchmarks
{
    public static void Run(Bench bench)
    {
        foreach (var n in bench.Options.Small ? (int[])[64] : [1024, 2048, 4096])
        {
            Product(bench, $"product {n}, f32, the backend's choice", DType.Float32, n, null);
            Product(bench, $"product {n}, f32, own kernel", DType.Float32, n, dot => new TileStep<float, float, PlainStorage<float>>(bench.Session, dot));
            bench.Report.Lack($"product {n}, f32, cuBLAS directly", "the backend has no cuBLAS yet");
        }
        var large = bench.Options.Small ? 64 : 4096;
        Product(bench, $"product {large}, bf16, the backend's choice", DType.BFloat16, large, null);
        bench.Report.Lack($"product {large}, bf16, own kernel on tensor cores", "the backend has none yet");
        bench.Report.Lack($"product {large}, bf16, cuBLAS directly", "the backend has no cuBLAS yet");
    }

    private static void Product(Bench bench, string name, DType type, long n, Func<DotStep, DeviceStep>? make) => bench.Report.Measure(name, "TFLOP/s", () =>
    {
        var matrix = new TensorType(type, Shape.Create([n, n]));
        var program = new KernelProgram(
            [new(0, BufferKind.Input, 0, matrix, 0, default), new(1, BufferKind.Input, 1, matrix, 0, default), new(2, BufferKind.Output, 0, matrix, 0, default)],
            [new DotStep(type, 1, n, n, n, new(0, 0, n * n, n, 1), new(1, 0, n * n, n, 1), new(2, 0, n * n, n, 1))], 0, []);
        using var prepared = new PreparedProgram(bench.Session, program, product: make);
        return 2.0 * n * n * n / bench.Clock.OfDevice(prepared.Enqueue) / 1e12;
    });
}
