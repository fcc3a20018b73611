namespace LazyHost.Cli.Tests;

public class BenchTests
{
    [Fact]
    public async Task EachWorkloadIsOneJsonLineAfterTheLimitsOfTheMachine()
    {
        var run = await Lazyhost.RunAsync("bench", "--device", "reference", "--filter", "chain100/16", "--threads", "1", "--seconds", "0.01", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["copy_bandwidth", "multiply_add_peak"], run.Lines.Take(2).Select(l => l.GetProperty("limit").GetString()));
        Assert.All(run.Lines.Take(2), l => Assert.True(l.GetProperty("value").GetDouble() > 0));
        var line = Assert.Single(run.Lines.Skip(2));
        Assert.Equal(["workload", "system", "threads", "median_us", "min_us", "first_us", "runs"], line.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("chain100/16", "lazyhost-reference", 1), (line.GetProperty("workload").GetString(), line.GetProperty("system").GetString(), line.GetProperty("threads").GetInt32()));
        Assert.True(line.GetProperty("min_us").GetDouble() <= line.GetProperty("median_us").GetDouble());
        Assert.InRange(line.GetProperty("runs").GetInt32(), 7, 2000);
    }

    [Theory]
    [InlineData("eager")]
    [InlineData("captured")]
    public async Task AVariantIsNamedInTheSystem(string variant)
    {
        var run = await Lazyhost.RunAsync("bench", "--device", "reference", "--filter", "chain100/16", "--threads", "1", "--seconds", "0.01", "--json", "--variant", variant);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"lazyhost-reference-{variant}", run.Lines[2].GetProperty("system").GetString());
        Assert.Equal(2, (await Lazyhost.RunAsync("bench", "--variant", "hasty")).ExitCode);
    }

    [Fact]
    public async Task MetricsGoToStandardErrorWhereTheyAreAskedFor()
    {
        string[] bench = ["bench", "--device", "reference", "--filter", "chain100/16", "--threads", "1", "--seconds", "0.01", "--json"];
        var run = await Lazyhost.RunAsync([.. bench, "--metrics"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(3, run.Lines.Count);
        foreach (var text in new[] { "Metric: ExecuteTime\n  TotalSamples: ", "Counter: UncachedCompile\n", "Counter: lazy::", "Device: reference:0\n" }) Assert.Contains(text, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("ExecuteTime", (await Lazyhost.RunAsync(bench)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheWorkloadsAreThoseOfThePerformanceTable()
    {
        var run = await Lazyhost.RunAsync("bench", "--filter", "?");
        foreach (var name in new[]
        {
            "chain100/16", "chain100/262144", "chain100/4194304", "gelu_tanh_mul/262144", "gelu_tanh_mul/16777216", "bias_residual_layernorm/4096x1024",
            "softmax/4096x4096", "sum_axis0/4096x4096", "mean_var/4096x4096", "transpose_add/4096x4096", "matmul/64", "matmul/256", "matmul/1024", "matmul/2048",
            "matmul_bias_gelu/1024x1024x4096", "bmm/32x256x64x256", "conv3x3/8x64x56x56", "mlp_train_adam/128x784x512x512x10", "transformer_block/4x128x512x8",
        }) Assert.Contains(name, run.Error, StringComparison.Ordinal);
    }
}
