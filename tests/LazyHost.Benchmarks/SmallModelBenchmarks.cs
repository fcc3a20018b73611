using BenchmarkDotNet.Attributes;
using LazyHost.Backends.Simd;

namespace LazyHost.Benchmarks;

/// <summary>A training step of a model too small for its arithmetic to count: twelve residual layers of 64 with batch 8, Adam. What it takes is the host's work.</summary>
[MemoryDiagnoser]
public class SmallModelBenchmarks
{
    private const int Layers = 12, Width = 64, Batch = 8;

    private LazyEngine engine = null!;
    private Device device = null!;
    private Linear[] linear = null!;
    private LayerNorm[] norm = null!;
    private Adam optimizer = null!;
    private Tensor x = null!;

    /// <summary>When operators run.</summary>
    [Params(ExecutionMode.Lazy, ExecutionMode.Eager)]
    public ExecutionMode Mode { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        engine = new LazyEngine(new() { Mode = Mode });
        device = engine.AddBackend(new SimdBackend(new SimdSettings { Threads = 1 }), "simd", "benchmark")[0];
        linear = [.. Enumerable.Range(0, Layers).Select(i => new Linear(Width, Width, device, seed: (ulong)i + 1))];
        norm = [.. Enumerable.Range(0, Layers).Select(_ => new LayerNorm([Width], device))];
        optimizer = new Adam(linear.Cast<Module>().Concat(norm).SelectMany(m => m.Parameters()));
        x = Tensor.RandomNormal([Batch, Width], device).Keep();
    }

    [GlobalCleanup]
    public Task Cleanup() => engine.DisposeAsync().AsTask();

    /// <summary>Forward, backward, update.</summary>
    [Benchmark]
    public async Task AdamStep()
    {
        var h = x;
        for (var i = 0; i < Layers; i++) h = h + linear[i].Forward(norm[i].Forward(h)).Relu();
        var loss = h.Square().Mean();
        optimizer.ZeroGrad();
        loss.Backward();
        optimizer.Step();
        device.MarkStep();
        await device.WaitDeviceOpsAsync();
    }
}
