namespace LazyHost.Cli.Benchmarks;

/// <summary>The workloads of the performance table, in its order. A result that another result is computed from is kept, so that it is a result.</summary>
internal static class Workloads
{
    public static IEnumerable<Workload> All() => [.. Elementwise(), .. Reductions(), .. Products(), MlpTraining.Workload, TransformerBlock.Workload];

    /// <summary>Pseudo-random numbers between -0.2 and 0.2 (Marsaglia's xorshift, 2003), the same in every run.</summary>
    public static Tensor Random(Device device, params ReadOnlySpan<long> sizes)
    {
        var shape = Shape.Create(sizes);
        var values = new float[shape.ElementCount];
        var state = 2463534242u;
        for (var i = 0; i < values.Length; i++)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            values[i] = ((state >> 8) * (0.4f / (1 << 24))) - 0.2f;
        }
        return Tensor.From(values, shape, device);
    }

    private static IEnumerable<Workload> Elementwise()
    {
        foreach (var n in new[] { 16, 262_144, 4_194_304 })
            yield return new($"chain100/{n}", d =>
            {
                var z = Random(d, n);
                return () =>
                {
                    var t = z;
                    for (var k = 0; k < 100; k++) t = (k % 4) switch { 0 => t * z, 1 => t + z, 2 => t - z, _ => t.Relu() };
                    return [t];
                };
            });
        foreach (var n in new[] { 262_144, 16_777_216 })
            yield return new($"gelu_tanh_mul/{n}", d =>
            {
                var (x, g) = (Random(d, n), Random(d, n));
                return () =>
                {
                    var inner = x * 0.7978845608 * ((x * x * 0.044715) + 1.0);
                    return [x * 0.5 * (inner.Tanh() + 1.0) * g];
                };
            });
    }

    private static IEnumerable<Workload> Reductions()
    {
        yield return new("bias_residual_layernorm/4096x1024", d =>
        {
            var (x, b, r) = (Random(d, 4096, 1024), Random(d, 1024), Random(d, 4096, 1024));
            var (w, c) = (Random(d, 1024), Random(d, 1024));
            return () => [(x + b + r).LayerNorm(w, c)];
        });
        yield return new("softmax/4096x4096", d =>
        {
            var x = Random(d, 4096, 4096);
            return () => [x.Softmax(1)];
        });
        yield return new("sum_axis0/4096x4096", d =>
        {
            var x = Random(d, 4096, 4096);
            return () => [x.Sum(0)];
        });
        yield return new("mean_var/4096x4096", d =>
        {
            var x = Random(d, 4096, 4096);
            return () =>
            {
                var mean = x.Mean(1, keepDims: true).Keep();
                return [mean, (x - mean).Square().Mean(1)];
            };
        });
        yield return new("transpose_add/4096x4096", d =>
        {
            var (x, y) = (Random(d, 4096, 4096), Random(d, 4096, 4096));
            return () => [x.Transpose() + y];
        });
    }

    private static IEnumerable<Workload> Products()
    {
        foreach (var n in new[] { 64, 256, 1024, 2048 })
            yield return new($"matmul/{n}", d =>
            {
                var (a, b) = (Random(d, n, n), Random(d, n, n));
                return () => [a.MatMul(b)];
            });
        yield return new("matmul_bias_gelu/1024x1024x4096", d =>
        {
            var (a, w, b) = (Random(d, 1024, 1024), Random(d, 1024, 4096), Random(d, 4096));
            return () => [(a.MatMul(w) + b).Gelu()];
        });
        yield return new("bmm/32x256x64x256", d =>
        {
            var (a, b) = (Random(d, 32, 256, 64), Random(d, 32, 64, 256));
            return () => [a.MatMul(b)];
        });
        yield return new("conv3x3/8x64x56x56", d =>
        {
            var (x, w) = (Random(d, 8, 64, 56, 56), Random(d, 64, 64, 3, 3));
            return () => [x.Conv2d(w, padding: 1).Relu()];
        });
    }
}
