using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LazyHost.Hosting.Tests.Plugins;

/// <summary>The backends of this repository unload after training, while the user holds on to everything he was given.</summary>
public sealed class UnloadAfterUseTests
{
    /// <summary>The devices, or that of OpenCL or CUDA where the tests run beside one.</summary>
    public static TheoryData<string> Devices => Environment.GetEnvironmentVariable("LAZYHOST_TEST_DEVICE") is ("opencl" or "cuda") and var kind ? [$"{kind}:0"] : ["reference:0", "simd:0", "ilgpu:0"];

    [Theory]
    [MemberData(nameof(Devices))]
    public void PluginsUnloadWithTensorsAndErrorsStillHeld(string device)
    {
        var (contexts, held) = TrainAndDispose(device);
        for (var i = 0; i < 20 && contexts.Exists(c => c.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.All(contexts, c => Assert.False(c.IsAlive, "something the user holds still refers to the plugin"));
        Assert.Contains("has been unloaded", Assert.Throws<DeviceGoneException>(() => ((Tensor)held[0]).ToArray<float>()).Message, StringComparison.Ordinal);
        GC.KeepAlive(held);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (List<WeakReference> Contexts, List<object> Held) TrainAndDispose(string device) => Task.Run(async () =>
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["LazyHost:DefaultDevice"] = device,
            ["LazyHost:Backends:ilgpu:Kinds:0"] = device switch { "ilgpu:0" => "Cpu", "cuda:0" => "Cuda", _ => "OpenCL" },
            ["LazyHost:Plugins:Directory"] = Path.Combine(AppContext.BaseDirectory, "plugins"),
        }).Build();
        var held = new List<object>();
        var host = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.Services.AddLazyHost(settings);
        var lazy = host.Build();
        await lazy.StartAsync();
        var plugins = lazy.Services.GetRequiredService<PluginHost>();
        var contexts = plugins.Plugins.Select(p => new WeakReference(AssemblyLoadContext.GetLoadContext(p.Backends[0].GetType().Assembly))).ToList();
        Assert.Equal(3, contexts.Count);
        var on = lazy.Services.GetRequiredService<IDeviceCatalog>().Default;
        var big = Tensor.From(new float[40_000], [200, 200], on);
        held.Add(big);
        var model = new Sequential(new Linear(200, 8, on, seed: 1), new ReLU(), new Linear(8, 3, on, seed: 2));
        var optimizer = new Adam(model.Parameters());
        for (var i = 0; i < 3; i++)
        {
            var hidden = model.Forward(big);
            var loss = hidden.Square().Mean();
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            on.MarkStep();
            held.AddRange([hidden, loss, loss.Item()]);
        }
        CompiledFunction<Tensor> captured = Lazy.Compile((Tensor x) => Loop.For(3, [x.MatMul(x).Softmax(0).MatMul(x).Softmax(1).Square().MatMul(x)], (_, c) => [c[0] * 0.5])[0]), small = Lazy.Compile((Tensor x) => x.MatMul(x).Softmax(0).MatMul(x).Softmax(1).Square().MatMul(x));
        var output = Tensor.From(new float[64], [8, 8], on);
        var input = Tensor.From(new float[64], [8, 8], on) + 1;
        for (var i = 0; i < 3; i++) held.AddRange([captured.Run(input), small.Run(input), captured.Explain()]);
        small.Run([input], [output]);
        held.AddRange([captured, small, input, output]);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        foreach (var fail in (Action[])[() => _ = big.MatMul(Tensor.From(new float[3], [3], on)), () => (big + 1).ToArrayAsync<float>(cancelled.Token).GetAwaiter().GetResult()])
        {
            try { fail(); }
            catch (Exception e) { held.Add(e); }
        }
        held.AddRange([lazy, model, optimizer, lazy.Services.GetRequiredService<LazyEngine>(), on, plugins.Reports, big + 5]);
        await lazy.StopAsync();
        return (contexts, held);
    }).GetAwaiter().GetResult();
}
