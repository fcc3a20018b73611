using System.Reflection;
using ILGPU.Runtime;

namespace LazyHost.Backends.Ilgpu.Devices;

/// <summary>The compiled kernels of a device, by the method they were made of. The compiler runs for one kernel at a time.</summary>
internal sealed class KernelTable(Accelerator accelerator)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(MethodInfo, Type), Delegate> launchers = [];

    /// <summary>
    /// The launcher of an explicitly grouped kernel: <c>Action&lt;AcceleratorStream, KernelConfig, ...the method's parameters&gt;</c> or a delegate type of the same shape.
    /// </summary>
    public TLauncher Get<TLauncher>(MethodInfo kernel) where TLauncher : Delegate
    {
        lock (gate)
        {
            if (launchers.TryGetValue((kernel, typeof(TLauncher)), out var known)) return (TLauncher)known;
            accelerator.Bind();
            var launcher = accelerator.LoadKernel(kernel).CreateLauncherDelegate<TLauncher>();
            launchers.Add((kernel, typeof(TLauncher)), launcher);
            return launcher;
        }
    }

    public void Clear()
    {
        lock (gate) launchers.Clear();
    }
}
