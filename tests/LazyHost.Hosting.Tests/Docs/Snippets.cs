using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LazyHost.Hosting.Tests.Docs;

/// <summary>The C# of README.md, compiled and run; <see cref="ReadmeTests"/> holds the page to it.</summary>
internal static class Snippets
{
    public static async Task<float[]> InAHostAsync(string[] args, float[] samples, int n)
    {
        #region host
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddLazyHost(builder.Configuration.GetSection("LazyHost"));
        using var host = builder.Build();
        await host.StartAsync();

        Device device = host.Services.GetRequiredService<IDeviceCatalog>().Default;
        Tensor w = Tensor.Ones([784, 10], device), b = Tensor.Zeros([10], device);
        Tensor x = Tensor.From(samples, [n, 784], device);
        Tensor y = (x.MatMul(w) + b).Relu().Softmax(axis: 1); // recorded, not run
        float[] p = await y.ToArrayAsync<float>();             // compiled once, run, fetched
        #endregion
        await host.StopAsync();
        return p;
    }

    public static async Task<List<float>> TrainAsync(IEnumerable<(float[] Images, long[] Labels)> batches)
    {
        var losses = new List<float>();
        #region train
        await using var lazy = await LazyRuntime.StartAsync();
        Device device = lazy.Devices.Default;
        var model = new Sequential(new Linear(784, 128, device, seed: 1), new ReLU(), new Linear(128, 10, device, seed: 2));
        var optimizer = new Adam(model.Parameters(), learningRate: 1e-3);
        foreach (var (images, labels) in batches)
        {
            Tensor loss = model.Forward(Tensor.From(images, [64, 784], device)).CrossEntropy(Tensor.From(labels, [64], device));
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            device.MarkStep(); // hands the step to the device and goes on recording
            #endregion
            losses.Add(loss.Item());
        }
        return losses;
    }
}
