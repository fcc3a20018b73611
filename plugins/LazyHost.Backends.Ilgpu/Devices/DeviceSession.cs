using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Memory;

namespace LazyHost.Backends.Ilgpu.Devices;

/// <summary>One device in use: its accelerator, the stream its programs run on, its memory and its kernels.</summary>
internal sealed class DeviceSession : IDisposable
{
    public DeviceSession(Context context, Device device)
    {
        Accelerator = device.CreateAccelerator(context);
        Stream = Accelerator.CreateStream();
        Memory = new(Accelerator);
        Kernels = new(Accelerator);
    }

    public Accelerator Accelerator { get; }

    public AcceleratorStream Stream { get; }

    public DeviceMemory Memory { get; }

    public KernelTable Kernels { get; }

    /// <summary>Held while kernels are launched: an OpenCL kernel keeps its arguments between two calls, and a stream has one order.</summary>
    public Lock Gate { get; } = new();

    public void Dispose()
    {
        Kernels.Clear();
        Memory.Dispose();
        Stream.Dispose();
        Accelerator.Dispose();
    }
}
