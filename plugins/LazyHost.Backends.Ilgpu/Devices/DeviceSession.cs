using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Util;
using LazyHost.Backends.Ilgpu.Attention;
using LazyHost.Backends.Ilgpu.Calls;
using LazyHost.Backends.Ilgpu.Emission;
using LazyHost.Backends.Ilgpu.Memory;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.Devices;

/// <summary>One device in use: its accelerator, the stream its programs run on, its memory, its kernels and what makes steps for it.</summary>
internal sealed class DeviceSession : IDisposable
{
    private volatile string? lost;

    /// <param name="context">The context of its type.</param>
    /// <param name="device">The device.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="settings">The plugin's settings.</param>
    public DeviceSession(Context context, Device device, string name, IlgpuSettings settings)
    {
        Name = $"{name} ({device.Name})";
        Accelerator = device.CreateAccelerator(context);
        try
        {
            Stream = Accelerator.CreateStream();
            Memory = new(Accelerator, Name);
            Pinned = new(Accelerator);
            Copies = new(Accelerator, Pinned);
            Kernels = new(Accelerator);
            KernelSteps = new(this, settings.SaveKernels);
            Calls = new(this);
            Products = new(this, settings.Cublas);
            Attention = new(this);
        }
        catch
        {
            Close(Accelerator);
            throw;
        }
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

    public AttentionCompiler Attention { get; }

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
    public void Use<T>(T state, Action<DeviceSession, T> action) => Use((state, action), static (session, use) =>
    {
        use.action(session, use.state);
        return true;
    });

    /// <summary>Gets something from the device; its errors become the project's.</summary>
    /// <exception cref="DeviceMemoryException">The device has not enough memory.</exception>
    /// <exception cref="DeviceGoneException">The device was lost, now or before.</exception>
    public TResult Use<T, TResult>(T state, Func<DeviceSession, T, TResult> action)
    {
        RequirePresent();
        try { return action(this, state); }
        catch (Exception e) when (e is not LazyHostException and not OperationCanceledException)
        {
            if (DeviceErrors.IsOutOfMemory(e)) throw new DeviceMemoryException($"{Name} has no memory left for this: {DeviceErrors.Describe(e)}", e);
            if (!DeviceErrors.IsLost(e)) throw;
            Lose(DeviceErrors.Describe(e));
            throw new DeviceGoneException(lost!, e);
        }
    }

    /// <summary>From now on nothing works on this device.</summary>
    public void Lose(string reason) => lost ??= $"{Name} was lost: {reason}. What it held is gone; other devices go on, and a new process may find it again";

    /// <summary>Gives everything back. Never throws: a lost device lets nothing be given back, and may be found to be lost only now.</summary>
    public void Dispose()
    {
        Kernels.Clear();
        Try(Accelerator.Bind);
        foreach (var part in ((object[])[Products, KernelSteps, Copies, Pinned, Memory, Stream]).OfType<IDisposable>()) Try(part.Dispose);
        Close(Accelerator);
    }

    private void Try(Action action)
    {
        try { action(); }
        catch (Exception e) { Lose(DeviceErrors.Describe(e)); }
    }

    /// <summary>Ends an accelerator. ILGPU gives up at the first part that a lost device does not let go, and leaves a thread behind that holds the plugin in memory; its
    /// way of ending in a finalizer goes through to the end.</summary>
    private static void Close(Accelerator accelerator)
    {
        try { accelerator.Dispose(); }
        catch (Exception)
        {
            var finish = typeof(DisposeBase).GetMethod("Dispose", BindingFlags.NonPublic | BindingFlags.Instance, [typeof(bool)]);
            try { finish?.Invoke(accelerator, [false]); }
            catch (TargetInvocationException) { } // nothing more can be done with it
        }
    }
}
