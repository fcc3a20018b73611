using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LazyHost.Hosting.Tests.Plugins;

/// <summary>A CUDA device is lost in the middle of a run, on the emulated driver: the host and other devices go on, and the plugin unloads afterwards.</summary>
public sealed class LostDeviceTests
{
    [Fact]
    public async Task Host_and_other_devices_go_on_and_the_plugin_unloads()
    {
        nint function = 0;
        if (!NativeLibrary.TryLoad("libcuda.so.1", out var library) || !NativeLibrary.TryGetExport(library, "cudaEmulatorSet", out function)) Assert.Skip("there is no emulated CUDA driver: run eng/cuda-tests.sh");
        var context = await LoseDevice(calls => Set(function, "FAIL", calls));
        for (var i = 0; i < 20 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(context.IsAlive, "something still refers to the plugin");
    }

    private static unsafe void Set(nint function, string name, string value)
    {
        fixed (byte* n = Encoding.ASCII.GetBytes(name + '\0'), v = Encoding.ASCII.GetBytes(value + '\0')) Assert.Equal(0, ((delegate* unmanaged<byte*, byte*, int>)function)(n, v));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<WeakReference> LoseDevice(Action<string> fail) => Task.Run(async () =>
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["LazyHost:DefaultDevice"] = "cuda:0",
            ["LazyHost:Backends:ilgpu:Kinds:0"] = "Cuda",
            ["LazyHost:Plugins:Directory"] = Path.Combine(AppContext.BaseDirectory, "plugins"),
        }).Build();
        var host = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        host.Services.AddLazyHost(settings);
        using var lazy = host.Build();
        await lazy.StartAsync();
        var catalog = lazy.Services.GetRequiredService<IDeviceCatalog>();
        var (cuda, simd) = (catalog.Default, catalog.Get("simd:0"));
        var loaded = lazy.Services.GetRequiredService<PluginHost>().Plugins.Select(plugin => plugin.Backends[0]).Single(backend => backend.Kind == "cuda");
        var context = new WeakReference(AssemblyLoadContext.GetLoadContext(loaded.GetType().Assembly));
        var (x, y) = (Tensor.From(new float[300], [300], cuda), Tensor.From(new float[300], [300], simd));
        Assert.Equal(1, (x + 1).ToArray<float>()[7]);
        fail("cuLaunchKernel:700");
        try
        {
            Assert.Contains("was lost: CUDA_ERROR_ILLEGAL_ADDRESS", Assert.Throws<DeviceGoneException>(() => (x + 2).ToArray<float>()).Message, StringComparison.Ordinal);
        }
        finally { fail(""); }
        Assert.Throws<DeviceGoneException>(() => (x * 3).ToArray<float>());
        Assert.Equal(4, (y + 4).ToArray<float>()[7]);
        await lazy.StopAsync();
        return context;
    });
}
