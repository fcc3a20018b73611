using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>Values that nothing is fused, joined or simplified across.</summary>
public sealed class BarrierTests : IAsyncDisposable
{
    private readonly TestEngine lazy = new(null, new SimdBackend(new SimdSettings { Threads = 1 }));

    public ValueTask DisposeAsync() => lazy.DisposeAsync();

    [Fact]
    public void AChainIsOneKernelWithoutAndTwoWithABarrierAndItsBitsAreTheSame()
    {
        var x = lazy.Tensor(0.1f, 0.2f, -3, 4);
        float[] Chain(Func<Tensor, Tensor> barrier) => barrier((x * 3).Tanh() + 1).Exp().Mul(0.3).ToArray<float>();
        var plain = Chain(t => t);
        Assert.Equal(1, lazy.Device.Latest!.Computation.KernelCount);
        Assert.Equal(plain, Chain(t => t.Barrier()));
        Assert.Equal(2, lazy.Device.Latest!.Computation.KernelCount);
        Assert.Equal(plain, Chain(t => t.Barrier().Barrier()));
        Assert.Equal(2, lazy.Device.Latest!.Computation.KernelCount); // stored once, read where it is
    }

    [Fact]
    public void WhatIsComputedAgainBehindABarrierIsComputedAgain()
    {
        var x = lazy.Tensor(1, 2);
        Tensor Twice(Tensor again) => x.Exp().Sum() * again.Exp();
        var expected = Twice(x).ToArray<float>();
        var kernels = lazy.Device.Latest!.Computation.KernelCount;
        Assert.Equal(expected, Twice(x.Barrier()).ToArray<float>());
        Assert.Contains("exp", lazy.Device.DumpLatestProgram(), StringComparison.Ordinal);
        Assert.Equal(2, lazy.Device.DumpLatestProgram().Split("exp(").Length - 1);
        Assert.InRange(kernels, 1, 2);
    }

    [Fact]
    public void SeveralTensorsOfAnyTypesPassTogether()
    {
        var (x, n, part) = (lazy.Tensor(1, 2), Tensor.From([5L, 6], [2], lazy.Device), lazy.Tensor(7, 8, 9)[1..]);
        var results = Tensor.Barrier([n + 1, x, part, x]);
        Assert.Equal([6L, 7], results[0].ToArray<long>());
        Assert.Equal([1f, 2], results[1].ToArray<float>());
        Assert.Equal([8f, 9], results[2].ToArray<float>());
        Assert.Equal([1f, 2], results[3].ToArray<float>());
        var mistake = Assert.Throws<InvalidAttributeException>(() => Tensor.Barrier([]));
        Assert.Contains("BarrierTests.cs", mistake.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidAttributeException>(() => Tensor.Barrier([.. Enumerable.Repeat(x, 257)]));
        Assert.Equal(256, Tensor.Barrier([.. Enumerable.Repeat(x, 256)]).Length);
        Assert.Throws<InvalidAttributeException>(() => Loop.For(1, [.. Enumerable.Repeat(x, 257)], (_, c) => c));
    }

    [Fact]
    public void GradientsPassABarrierOfTheirOwn()
    {
        var (w, v) = (new Parameter(lazy.Tensor(2, 3)), new Parameter(lazy.Tensor(4, 5)));
        Tensor Loss(Func<Tensor[], Tensor[]> barrier)
        {
            var n = Tensor.From([1L, 2], [2], lazy.Device);
            var behind = barrier([n, w.Tanh(), v * v, lazy.Tensor(1, 1)]);
            Assert.Equal([false, true, true], behind[..3].Select(t => t.RequiresGrad));
            return (behind[1] * behind[2] * behind[0] * behind[3]).Sum();
        }
        Loss(t => t).Backward();
        var expected = (w.Grad!.ToArray<float>(), v.Grad!.ToArray<float>());
        (w.Grad, v.Grad) = (null, null);
        Loss(t => Tensor.Barrier(t)).Backward();
        Assert.Equal(2, lazy.Device.Dump([w.Grad!, v.Grad!]).Split("optimization_barrier(").Length - 1);
        Assert.Equal(expected.Item1, w.Grad!.ToArray<float>());
        Assert.Equal(expected.Item2, v.Grad!.ToArray<float>());
    }

    [Fact]
    public void OneThatIsNotUsedFurtherNeedsNoGradient()
    {
        var w = new Parameter(lazy.Tensor(2, 3));
        var behind = Tensor.Barrier([w * 2, w * 3]);
        behind[1].Sum().Backward();
        Assert.Equal([3f, 3], w.Grad!.ToArray<float>());
    }
}
