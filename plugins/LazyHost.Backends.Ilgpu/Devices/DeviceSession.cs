using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Calls;
using LazyHost.Backends.Ilgpu.Emission;
using LazyHost.Backends.Ilgpu.Memory;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.Devices;

/// <summary>One device in use: its accelerator, the stream its programs run on, its memory, its kernels and what makes steps for it.</summary>
internal sealed class DeviceSession : IDisposable
{
    private volatile string? lost;

    public DeviceSession(Context context, Device device, string name, string? saveKernels = null)
    {
        Name = $"{name} ({device.Name})";
        Accelerator = device.CreateAccelerator(context);
        Stream = Accelerator.CreateStream();
        Memory = new(Accelerator, Name);
        Pinned = new(Accelerator);
        Copies = new(Accelerator, Pinned);
        Kernels = new(Accelerator);
        KernelSteps = new(this, saveKernels);
        Calls = new(this);
        Products = new(this);
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    public Accelerator Accelerator { get; }

    public AcceleratorStream Stream { get; }

    public DeviceMemory Memory { get; }

    public PinnedMemory Pinned { get; }

    public HostCopies Copies { get; }

    public KernelTable Kernels { get; }

    public KernelStepCompiler KernelSteps { get; }

    public CallCompiler Calls { get; }

    public ProductCompiler Products { get; }

    /// <summary>Held while kernels are launched: an OpenCL kernel keeps its arguments between two calls, and a stream has one order.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Throws where the device was lost.</summary>
    /// <exception cref="DeviceGoneException">It was.</exception>
    public void RequirePresent()
    {
        if (lost is { } reason) throw new DeviceGoneException(reason);
    }

    /// <summary>Does something with the device; its errors become the project's.</summary>
    /// <exception cref="DeviceMemoryException">The device has not enough memory.</exception>
    /// <exception cref="DeviceGoneException">The device was lost, now or before.</exception>
    public void Use<T>(T state, Action<DeviceSession, T> action)
    {
        RequirePresent();
        try { action(this, state); }
        catch (Exception e) when (e is not LazyHostException and not OperationCanceledException)
        {
            if (DeviceErrors.IsOutOfMemory(e)) throw new DeviceMemoryException($"{Name} has no memory left for this: {DeviceErrors.Describe(e)}", e);
            if (!DeviceErrors.IsLost(e)) throw;
            Lose(DeviceErrors.Describe(e));
            RequirePresent();
        }
    }

    /// <summary>From now on nothing works on this device.</summary>
    public void Lose(string reason) => lost ??= $"{Name} was lost: {reason}. What it held is gone; other devices go on, and a new process may find it again";

    public void Dispose()
    {
        Kernels.Clear();
        foreach (var part in ((object[])[Products, KernelSteps, Copies, Pinned, Memory, Stream, Accelerator]).OfType<IDisposable>())
        {
            // A lost device lets nothing be given back.
            try { part.Dispose(); }
            catch (Exception) when (lost is not null) { }
        }
    }
}
