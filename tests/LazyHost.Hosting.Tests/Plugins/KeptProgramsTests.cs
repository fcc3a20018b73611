using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LazyHost.Hosting.Tests.Plugins;

/// <summary>Programs of a device, kept in a directory, spare a later host the compiler.</summary>
public sealed class KeptProgramsTests : IDisposable
{
    private static readonly string? Kind = Environment.GetEnvironmentVariable("LAZYHOST_TEST_DEVICE");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_later_host_makes_no_code()
    {
        if (Kind is null) Assert.Skip("no backend here keeps programs without a device: set LAZYHOST_TEST_DEVICE to opencl or cuda where there is one, or run eng/opencl-tests.sh");
        var first = await Train();
        Assert.True(first.Uncached > 0 && first.Kept == 0 && first.Missed > 0, $"{first}");
        var second = await Train();
        Assert.Equal((0, first.Missed, 0), (second.Uncached, second.Kept, second.Missed));
        Assert.Equal(first.Loss, second.Loss);
    }

    private async Task<(float Loss, long Uncached, long Kept, long Missed)> Train()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["LazyHost:DefaultDevice"] = $"{Kind}:0",
            ["LazyHost:Backends:ilgpu:Kinds:0"] = Kind,
            ["LazyHost:ComputationCache:Directory"] = folder.File("programs"),
            ["LazyHost:Plugins:Directory"] = Path.Combine(AppContext.BaseDirectory, "plugins"),
        }).Build();
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddLazyHost(settings);
        using var host = builder.Build();
        await host.StartAsync();
        var device = host.Services.GetRequiredService<IDeviceCatalog>().Default;
        var model = new Sequential(new Linear(20, 16, device, seed: 1), new ReLU(), new Linear(16, 5, device, seed: 2));
        var optimizer = new Adam(model.Parameters());
        var x = Tensor.From([.. Enumerable.Range(0, 160).Select(i => i * 0.01f)], [8, 20], device);
        var last = 0f;
        for (var i = 0; i < 3; i++)
        {
            var loss = model.Forward(x).Softmax(1).Square().Mean();
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            device.MarkStep();
            last = loss.Item<float>();
        }
        var metrics = host.Services.GetRequiredService<LazyEngine>().Metrics;
        var counts = (last, metrics.UncachedCompile.Total, metrics.PersistentCacheHit.Total, metrics.PersistentCacheMiss.Total);
        await host.StopAsync();
        return counts;
    }
}
