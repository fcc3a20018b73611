using LazyHost.Backends;
using LazyHost.Backends.Ilgpu;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LazyHost.Ilgpu.Tests.Backend;

public sealed class BackendTests
{
    [Fact]
    public async Task The_plugin_brings_a_backend_for_each_kind_and_says_why_one_has_no_device()
    {
        await using var services = Configure([]);
        var backends = services.GetServices<IBackend>().ToList();
        Assert.Equal(["cuda", "opencl"], backends.Select(b => b.Kind));
        foreach (var backend in backends)
            if (backend.Devices.Count == 0) Assert.Contains("driver", Assert.Single(backend.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_choose_the_kinds()
    {
        await using var services = Configure(new() { ["ilgpu:Kinds:0"] = "Cpu" });
        var backend = Assert.Single(services.GetServices<IBackend>());
        Assert.Equal("ilgpu", backend.Kind);
        Assert.Single(backend.Devices);
        Assert.Empty(backend.Notes);
    }

    [Fact]
    public void Every_wrong_setting_is_named()
    {
        var error = Assert.Throws<ConfigurationException>(() => Configure(new() { ["ilgpu:Kinds:0"] = "Vulkan", ["ilgpu:Kind"] = "Cuda" }));
        Assert.Contains("ilgpu:Kinds:0 is 'Vulkan'; give Cuda, OpenCL or Cpu", error.Message, StringComparison.Ordinal);
        Assert.Contains("ilgpu:Kind is not known; known are Kinds, Cublas, SaveKernels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_an_error_that_says_which_are()
    {
        await using var backend = new IlgpuBackend(TestDevice.Type, new());
        Assert.Contains($"there is no device {backend.Kind}:7", Assert.Throws<UnknownDeviceException>(() => backend.Allocate(7, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_device_says_so_and_others_go_on()
    {
        await using var backend = new IlgpuBackend(TestDevice.Type, new());
        await using var other = new IlgpuBackend(TestDevice.Type, new());
        using var held = backend.Allocate(0, 100);
        using var theirs = other.Allocate(0, 100);
        backend.Session(0).Lose("CUDA_ERROR_ILLEGAL_ADDRESS");
        var error = Assert.Throws<DeviceGoneException>(() => backend.Allocate(0, 1));
        Assert.Contains($"{backend.Kind}:0", error.Message, StringComparison.Ordinal);
        Assert.Contains("was lost: CUDA_ERROR_ILLEGAL_ADDRESS", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DeviceGoneException>(async () => await backend.CopyFromHostAsync(new byte[4], held, TestContext.Current.CancellationToken));
        await other.CopyFromHostAsync(new byte[4], theirs, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Buffers_of_another_backend_are_refused()
    {
        await using var backend = new IlgpuBackend(TestDevice.Type, new());
        await using var other = new IlgpuBackend(TestDevice.Type, new());
        using var buffer = other.Allocate(0, 100);
        await Assert.ThrowsAsync<TransferException>(async () => await backend.CopyFromHostAsync(new byte[4], buffer, TestContext.Current.CancellationToken));
        using var own = backend.Allocate(0, 100);
        await Assert.ThrowsAsync<TransferException>(async () => await backend.CopyFromHostAsync(new byte[101], own, TestContext.Current.CancellationToken));
    }

    private static ServiceProvider Configure(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        new IlgpuPlugin().Configure(services, new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("ilgpu"));
        return services.BuildServiceProvider();
    }
}
