using BenchmarkDotNet.Attributes;
using LazyHost.Backends.Simd;

namespace LazyHost.Benchmarks;

/// <summary>What recording and a cached step cost beside the arithmetic: chains of operations on 16 floats.</summary>
[MemoryDiagnoser]
public class RecordingBenchmarks
{
    private LazyEngine engine = null!;
    private Device device = null!;
    private Tensor z = null!;

    [GlobalSetup]
    public void Setup()
    {
        engine = new LazyEngine(new() { SegmentNodeLimit = 2_000_000 });
        device = engine.AddBackend(new SimdBackend(new SimdSettings { Threads = 1 }), "simd", "benchmark")[0];
        z = Tensor.From(new float[16], [16], device);
    }

    [GlobalCleanup]
    public Task Cleanup() => engine.DisposeAsync().AsTask();

    /// <summary>One operation, recorded, found in the cache, and run.</summary>
    [Benchmark]
    public Tensor OneOperationStep()
    {
        var y = z + z;
        device.MarkStep();
        return y;
    }

    /// <summary>A hundred operations, recorded, found in the cache, and run as one kernel.</summary>
    [Benchmark(OperationsPerInvoke = 100)]
    public Tensor HundredOperationStep()
    {
        var t = z;
        for (var k = 0; k < 25; k++) t = (((t * z) + z) - z).Relu();
        device.MarkStep();
        return t;
    }

    /// <summary>One segment of many operations: what an operation costs must not depend on how many there are.</summary>
    [Benchmark]
    [Arguments(100)]
    [Arguments(10_000)]
    [Arguments(1_000_000)]
    public async Task<Tensor> RecordOnly(int operations)
    {
        await using var discarded = device.BeginStep();
        var t = z;
        for (var k = 0; k < operations; k++) t = t + z;
        return t;
    }
}
