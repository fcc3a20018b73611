using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;

namespace LazyHost.Ilgpu.Tests;

public sealed class DeviceTests
{
    [Theory]
    [InlineData(AcceleratorType.Cuda)]
    [InlineData(AcceleratorType.OpenCL)]
    [InlineData(AcceleratorType.CPU)]
    public void A_context_lists_devices_of_its_own_type_only(AcceleratorType type)
    {
        using var context = new DeviceContext(type);
        Assert.All(context.Devices, device => Assert.Equal(type, device.AcceleratorType));
        if (type == TestDevice.Type) Assert.NotEmpty(context.Devices);
    }
}
