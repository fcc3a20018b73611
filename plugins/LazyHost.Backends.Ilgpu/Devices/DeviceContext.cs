using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using LazyHost.Backends.Ilgpu.Functions;

namespace LazyHost.Backends.Ilgpu.Devices;

/// <summary>The devices of one type, and of no other, with what there is to say of those that cannot be used.</summary>
internal sealed class DeviceContext : IDisposable
{
    private static readonly Lock Creation = new();

    private readonly List<string> notes = [];

    /// <summary>Looks for devices. Never fails: what goes wrong is a note.</summary>
    public DeviceContext(AcceleratorType type)
    {
        Type = type;
        if (!HasDriver()) return;
        NativeNames.Install();
        try
        {
            // Drivers that are asked for their devices by two threads at once may show none.
            lock (Creation)
            {
                Context = Context.Create(builder =>
                {
                    Choose(builder).EnableAlgorithms().Optimize(OptimizationLevel.O2).Profiling();
                    DeviceMathCode.Register(builder);
                });
            }
            // Where it finds nothing, ILGPU puts a CPU device in the list.
            Devices = [.. Context.Devices.Where(device => device.AcceleratorType == type)];
            if (Devices.Count == 0 && notes.Count == 0) notes.Add($"the {Driver} driver is installed, but shows no device");
        }
        catch (Exception e)
        {
            notes.Add($"the {Driver} driver is installed, but cannot be used: {e.GetBaseException().Message}");
        }
    }

    public AcceleratorType Type { get; }

    public Context? Context { get; }

    public IReadOnlyList<Device> Devices { get; } = [];

    public IReadOnlyList<string> Notes => notes;

    private string Driver => Type == AcceleratorType.Cuda ? "NVIDIA" : "OpenCL";

    public void Dispose() => Context?.Dispose();

    private Context.Builder Choose(Context.Builder builder) => Type switch
    {
        AcceleratorType.Cuda => builder.Cuda(IsUsable),
        AcceleratorType.OpenCL => builder.OpenCL(IsUsable),
        _ => builder.CPU(new CPUDevice(32, 8, 1)), // the default one has groups of 16 threads at most
    };

    private bool IsUsable(CudaDevice device)
    {
        if (device.Architecture is not null && device.InstructionSet is not null) return true;
        notes.Add($"{device.Name} is left out: its driver is for CUDA {device.DriverVersion}, for which ILGPU has no PTX that suits {device.Architecture}; install a newer driver");
        return false;
    }

    private bool IsUsable(CLDevice device)
    {
        if (device.Capabilities.GenericAddressSpace) return true;
        notes.Add($"{device.Name} ({device.PlatformName}) is left out: kernels need OpenCL's generic address space, which its driver lacks");
        return false;
    }

    private bool HasDriver()
    {
        var name = (Type, OperatingSystem.IsWindows()) switch
        {
            (AcceleratorType.Cuda, false) => "libcuda.so.1",
            (AcceleratorType.Cuda, true) => "nvcuda.dll",
            (AcceleratorType.OpenCL, false) => "libOpenCL.so.1",
            (AcceleratorType.OpenCL, true) => "OpenCL.dll",
            _ => null,
        };
        if (name is null) return true;
        if (!NativeLibrary.TryLoad(name, out var library))
        {
            notes.Add($"no {Driver} driver: {name} was not found");
            return false;
        }
        // The driver of CUDA stays: once started, it should not be taken out of a process.
        if (Type != AcceleratorType.Cuda) NativeLibrary.Free(library);
        else if (CudaDriver.Start(library) is { } refusal)
        {
            notes.Add($"the NVIDIA driver is installed, but does not start: {refusal}");
            return false;
        }
        return true;
    }
}
