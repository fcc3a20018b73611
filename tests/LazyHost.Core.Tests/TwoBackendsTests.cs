using LazyHost.Backends.Reference;
using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>One engine with two backends, used at once.</summary>
public sealed class TwoBackendsTests
{
    [Fact]
    public async Task TwoThreadsTrainOnTwoBackendsOfOneEngine()
    {
        await using var lazy = new TestEngine();
        var simd = lazy.Engine.AddBackend(new SimdBackend(new SimdSettings(2)), "simd", "test")[0];
        using var together = new Barrier(2);
        var losses = await Task.WhenAll(Task.Run(() => Train(lazy.Device)), Task.Run(() => Train(simd)));
        await using var alone = new TestEngine();
        var expected = Train(alone.Device, together: false);
        Assert.Equal(expected, losses[0]); // what happens on another device changes no bit
        for (var i = 0; i < expected.Count; i++) Assert.Equal(expected[i], losses[1][i], 1e-4f);
        Assert.True(expected[^1] < expected[0]);
        Assert.Equal((2, (2 * 19)), (lazy.Compiles, lazy.Hits));
        Assert.Equal((20L, 20L), (lazy.Device.Steps, simd.Steps));

        List<float> Train(Device device, bool together = true)
        {
            var model = new Sequential(new Linear(4, 8, device, seed: 1), new ReLU(), new Dropout(0.25), new Linear(8, 1, device, seed: 2));
            var optimizer = new Adam(model.Parameters(), 0.01);
            device.SetSeed(3);
            var losses = new List<float>();
            for (var step = 0; step < 20; step++)
            {
                if (together) Meet();
                var x = Tensor.From(Enumerable.Range(0, 32).Select(i => MathF.Sin(i + step)).ToArray(), [8, 4], device);
                var loss = (model.Forward(x) - x.Sum(1, keepDims: true)).Square().Mean();
                optimizer.ZeroGrad();
                loss.Backward();
                optimizer.Step();
                device.MarkStep();
                losses.Add(loss.Item());
            }
            return losses;
        }

        void Meet() => together.SignalAndWait();
    }

    [Fact]
    public async Task OneProgramGoesBackAndForthBetweenTwoBackends()
    {
        await using var lazy = new TestEngine();
        var simd = lazy.Engine.AddBackend(new SimdBackend(new SimdSettings(2)), "simd", "test")[0];
        var (here, there) = (lazy.Tensor(1, 2), Tensor.Zeros([2], simd));
        for (var i = 0; i < 5; i++)
        {
            there.AddInPlace(here.To(simd) * 2);
            here.Assign((there + 1).To(lazy.Device));
            lazy.Device.MarkStep();
            simd.MarkStep();
        }
        float[] a = [1, 2], b = [0, 0];
        for (var i = 0; i < 5; i++)
            for (var k = 0; k < 2; k++)
            {
                b[k] += a[k] * 2;
                a[k] = b[k] + 1;
            }
        Assert.Equal(a, here.ToArray<float>());
        Assert.Equal(b, there.ToArray<float>());
        Assert.Throws<UnknownDeviceException>(() => here + there);
    }

    [Fact]
    public async Task AFailureOnOneBackendLeavesTheOtherAlone()
    {
        var faulty = new FaultyBackend { OnExecute = static _ => new InvalidOperationException("lost power") };
        await using var lazy = new TestEngine(backend: new ReferenceBackend());
        var broken = lazy.Engine.AddBackend(faulty, "faulty", "test")[0];
        var bad = Tensor.From([1f], [1], broken) + 1;
        var good = lazy.Tensor(1) + 1;
        broken.MarkStep();
        lazy.Device.MarkStep();
        Assert.Equal(2f, good.Item());
        Assert.Contains("faulty:0", Assert.Throws<ExecutionException>(() => bad.Item()).Message);
        await lazy.Engine.WaitDeviceOpsAsync([lazy.Device]);
        await lazy.Engine.RemoveBackendAsync("faulty");
        Assert.Equal(3f, (good + 1).Item());
    }
}
