using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>What replays allocate, while nobody listens to activities or metrics: alone, since listeners of other tests hear everything.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
[Collection("alone")]
public sealed class CaptureAllocationTests
{
    [Fact]
    public async Task ReplaysIntoOutputsAllocateNothing()
    {
        await using var lazy = new TestEngine(null, new SimdBackend(new SimdSettings { Threads = 1 }));
        var f = Lazy.Compile(x =>
        {
            for (var k = 0; k < 25; k++) x = (((x * x) + x) - x).Relu();
            return x;
        });
        var (x, y) = (Tensor.From(new float[16], [16], lazy.Device), Tensor.From(new float[16], [16], lazy.Device));
        for (var i = 0; i < 100; i++) f.Run([x], [y]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) f.Run([x], [y]);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(new float[16], y.ToArray<float>());
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) f.Run(x);
        // The tensor, its value, and an array of 64 bytes.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 1, 248);
    }
}
