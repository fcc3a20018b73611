using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace LazyHost.Backends.Ilgpu.Devices;

/// <summary>An ILGPU context for the devices of one type, and of no other.</summary>
internal sealed class DeviceContext : IDisposable
{
    public DeviceContext(AcceleratorType type)
    {
        NativeNames.Install();
        Context = Context.Create(builder =>
        {
            switch (type)
            {
                case AcceleratorType.Cuda: builder.Cuda(); break;
                case AcceleratorType.OpenCL: builder.OpenCL(); break;
                default: builder.CPU(new CPUDevice(32, 8, 1)); break; // the default one has groups of 16 threads at most
            }
            builder.EnableAlgorithms().Optimize(OptimizationLevel.O2);
        });
        // Where it finds nothing, ILGPU puts a CPU device in the list.
        Devices = [.. Context.Devices.Where(device => device.AcceleratorType == type)];
    }

    public Context Context { get; }

    public IReadOnlyList<Device> Devices { get; }

    public void Dispose() => Context.Dispose();
}
