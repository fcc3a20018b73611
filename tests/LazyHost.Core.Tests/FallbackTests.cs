using LazyHost.Backends.Reference;
using LazyHost.IR;

namespace LazyHost.Tests;

public sealed class FallbackTests
{
    [Fact]
    public async Task ASegmentItsBackendCannotRunRunsOnTheFallbackChain()
    {
        await using var lazy = new TestEngine(new() { FallbackChain = ["nowhere", "reference"] }, new FaultyBackend { Unsupported = PrimitiveKind.Tanh });
        lazy.Engine.AddBackend(new ReferenceBackend(), "fallback", "test");
        var x = lazy.Tensor(0, 1);
        for (var i = 0; i < 3; i++)
        {
            var y = (x + i).Tanh();
            Assert.Equal(MathF.Tanh(1 + i), y.ToArray<float>()[1], 1e-6f);
            Assert.Equal("faulty", y.Device.Id.Kind);
        }
        Assert.Equal(1, lazy.Engine.Metrics.Fallback.Total);
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task AChainThatCannotEitherIsNamed()
    {
        await using var lazy = new TestEngine(new() { FallbackChain = ["nowhere"] }, new FaultyBackend { Unsupported = PrimitiveKind.Tanh });
        var error = Assert.Throws<UnsupportedOperatorException>(() => lazy.Tensor(1).Tanh().Item());
        Assert.Contains("nowhere", error.Message);
        Assert.Contains("tanh", error.Message);
    }
}
