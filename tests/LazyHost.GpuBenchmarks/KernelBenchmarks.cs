using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.GpuBenchmarks;

/// <summary>Kernels that memory bounds, as the backend makes and launches them, beside the copy bandwidth.</summary>
internal static class KernelBenchmarks
{
    private const double WantedPercent = 80;

    /// <summary>Fused element-wise kernels over large buffers.</summary>
    public static void Elementwise(Bench bench)
    {
        foreach (var type in (DType[])[DType.Float32, DType.BFloat16])
        {
            var n = bench.Large / type.Size();
            var width = bench.Options.Small ? 256 : 4096;
            var side = (long)Math.Sqrt(n);
            Run(bench, $"add 1, {type.Name()}", WantedPercent, b => b.Add(Input(b, type, n), 1));
            Run(bench, $"chain of 10, {type.Name()}", WantedPercent, b =>
            {
                var (x, y) = (Input(b, type, n), Input(b, type, n));
                for (var k = 0; k < 10; k++) x = (k % 4) switch { 0 => b.Mul(x, y), 1 => b.Add(x, y), 2 => b.Sub(x, y), _ => b.Maximum(x, 0) };
                return x;
            });
            Run(bench, $"gelu(x) * y, {type.Name()}", WantedPercent, b => b.Mul(b.Emit(Gelu.Form, [Input(b, type, n)], Gelu.Encode()), Input(b, type, n)));
            Run(bench, $"gelu(x) * y by tanh, {type.Name()}", WantedPercent, b => b.Mul(b.Emit(Gelu.Form, [Input(b, type, n)], Gelu.Encode("tanh")), Input(b, type, n)));
            Run(bench, $"relu(x + bias + residual), {type.Name()}", WantedPercent, b => b.Maximum(b.Add(b.Add(Input(b, type, n / width, width), Input(b, type, width)), Input(b, type, n / width, width)), 0));
            Run(bench, $"transpose(x) + y, {type.Name()}", WantedPercent, b => b.Add(b.Transpose(Input(b, type, side, side)), Input(b, type, side, side)));
        }
    }

    /// <summary>Kernels with reductions. A row that fits the caches makes some faster than a copy.</summary>
    public static void Rows(Bench bench)
    {
        var (large, rows, row) = bench.Options.Small ? (64, 32, 48) : (4096, 4096, 1024);
        foreach (var type in (DType[])[DType.Float32, DType.BFloat16])
        {
            Run(bench, $"softmax {large}x{large}, {type.Name()}", null, b => b.Emit(Softmax.Form, [Input(b, type, large, large)], SoftmaxForm.Encode(1)));
            Run(bench, $"layer norm {rows}x{row}, {type.Name()}", null, b => b.Emit(Operators.LayerNorm.Form, [Input(b, type, rows, row), Input(b, type, row), Input(b, type, row)], Operators.LayerNorm.Encode()));
            Run(bench, $"sums of rows {large}x{large}, {type.Name()}", null, b => b.Sum(Input(b, type, large, large), [1]));
            Run(bench, $"sums of columns {large}x{large}, {type.Name()}", null, b => b.Sum(Input(b, type, large, large), [0]));
        }
    }

    private static Value Input(GraphBuilder builder, DType type, params ReadOnlySpan<long> sizes) => builder.Parameter(new(type, Shape.Create(sizes)));

    private static void Run(Bench bench, string name, double? wanted, Func<GraphBuilder, Value> make) => bench.Report.Measure(name, "GB/s", () =>
    {
        var builder = new GraphBuilder();
        builder.AddRoot(make(builder));
        using var program = PreparedProgram.Of(bench.Backend, bench.Session, builder.Build());
        return program.Bytes / bench.Clock.OfDevice(program.Enqueue) / 1e9;
    }, bench.CopyBandwidth / 1e9, wanted);
}
