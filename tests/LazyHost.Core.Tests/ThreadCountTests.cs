using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

public sealed class ThreadCountTests
{
    [Fact]
    public async Task TrainingGivesTheSameBitsWithAnyNumberOfThreads()
    {
        var one = await TrainAsync(1);
        Assert.Equal(one, await TrainAsync(2));
        Assert.Equal(one, await TrainAsync(5));
        Assert.All(one, v => Assert.True(float.IsFinite(v)));
        Assert.True(one[5] < one[0]);
    }

    /// <summary>Losses and parameters of a network large enough that its kernels are shared out among threads.</summary>
    private static async Task<float[]> TrainAsync(int threads)
    {
        await using var lazy = new TestEngine(backend: new SimdBackend(new SimdSettings(threads)));
        var device = lazy.Device;
        var model = new Sequential(new Conv2d(1, 8, 3, device, padding: 1, seed: 1), new BatchNorm2d(8, device), new ReLU(), new MaxPool2d(2), new Flatten(), new Dropout(0.1),
            new Linear(8 * 12 * 12, 128, device, seed: 2), new ReLU(), new Linear(128, 10, device, seed: 3));
        var optimizer = new Adam(model.Parameters(), 1e-3);
        var labels = Tensor.From(Enumerable.Range(0, 32).Select(i => (long)(i % 10)).ToArray(), [32], device);
        var x = Initialize.Normal([32, 1, 24, 24], 0, 1, device, 9);
        var values = new List<float>();
        for (var step = 0; step < 6; step++)
        {
            var loss = model.Forward(x).CrossEntropy(labels);
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            device.MarkStep();
            values.Add(loss.Item());
        }
        foreach (var parameter in model.Parameters()) values.AddRange(parameter.ToArray<float>());
        return [.. values];
    }
}
