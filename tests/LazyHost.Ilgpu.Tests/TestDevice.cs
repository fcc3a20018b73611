using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;

namespace LazyHost.Ilgpu.Tests;

/// <summary>The device these tests run on: OpenCL or CUDA where LAZYHOST_TEST_DEVICE says so, else ILGPU's slow simulation on the CPU.</summary>
internal sealed class TestDevice : IDisposable
{
    private readonly DeviceContext context = new(Type);

    public TestDevice() => Session = new(context.Context!, context.Devices[0], "test:0", new());

    public static AcceleratorType Type => Environment.GetEnvironmentVariable("LAZYHOST_TEST_DEVICE") switch
    {
        "opencl" => AcceleratorType.OpenCL,
        "cuda" => AcceleratorType.Cuda,
        _ => AcceleratorType.CPU,
    };

    public DeviceSession Session { get; }

    public void Dispose()
    {
        Session.Dispose();
        context.Dispose();
    }
}
