using LazyHost.Backends;
using LazyHost.Backends.Reference;
using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>The same program on the two backends.</summary>
public sealed class BackendsAgreeTests
{
    [Fact]
    public async Task LossesOfAConvolutionalNetworkAgreeOverTwentySteps()
    {
        var reference = await TrainAsync(new ReferenceBackend());
        var simd = await TrainAsync(new SimdBackend(new SimdSettings()));
        for (var i = 0; i < reference.Count; i++)
            Assert.True(Math.Abs(reference[i] - simd[i]) <= 1e-4, $"step {i}: {reference[i]} on reference, {simd[i]} on simd");
        Assert.True(simd[^1] < simd[0]);
    }

    private static async Task<List<float>> TrainAsync(IBackend backend)
    {
        await using var lazy = new TestEngine(backend: backend);
        var device = lazy.Device;
        var model = new Sequential(new Conv2d(1, 4, 3, device, padding: 1, seed: 1), new BatchNorm2d(4, device), new ReLU(), new MaxPool2d(2),
            new Conv2d(4, 4, 3, device, stride: 2, seed: 2), new ReLU(), new Flatten(), new Dropout(0.2), new Linear(4 * 2 * 2, 10, device, seed: 3));
        var optimizer = new Adam(model.Parameters(), 3e-3);
        var losses = new List<float>();
        for (var step = 0; step < 20; step++)
        {
            var x = Initialize.Normal([16, 1, 12, 12], 0, 1, device, 9, (ulong)step);
            var labels = Tensor.From(Enumerable.Range(0, 16).Select(i => (long)(i % 10)).ToArray(), [16], device);
            var loss = model.Forward(x).CrossEntropy(labels);
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            device.MarkStep();
            losses.Add(loss.Item());
        }
        Assert.Equal(1, lazy.Compiles);
        return losses;
    }
}
