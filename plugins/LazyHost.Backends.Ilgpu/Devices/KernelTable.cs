using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Persistence;

namespace LazyHost.Backends.Ilgpu.Devices;

/// <summary>The compiled kernels of a device, by the method they were made of. The compiler runs for one kernel at a time.</summary>
internal sealed class KernelTable(Accelerator accelerator)
{
    private static readonly MethodInfo CreateLauncher = typeof(Kernel).GetMethod(nameof(Kernel.CreateLauncherDelegate), Type.EmptyTypes)!;

    [ThreadStatic]
    private static KernelUse? recorded;

    [ThreadStatic]
    private static bool isClosed;

    /// <summary>Devices compile side by side, but none while ILGPU forgets what a context keeps.</summary>
    private static readonly ReaderWriterLockSlim Compiling = new();

    private readonly Lock gate = new();
    private readonly Dictionary<(MethodInfo, Type), (Delegate Launcher, string Name)> launchers = [];

    /// <summary>What the kernels were compiled to.</summary>
    public KernelTexts Texts { get; } = new();

    /// <summary>
    /// The launcher of an explicitly grouped kernel: <c>Action&lt;AcceleratorStream, KernelConfig, ...the method's parameters&gt;</c> or a delegate type of the same shape.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="name">What tells it from all others in any process, where it was emitted; else its own name does.</param>
    /// <param name="groups">How many of its groups an NVIDIA multiprocessor shall hold at least: leaves each thread so many registers. 0 leaves that to the driver.</param>
    public TLauncher Get<TLauncher>(MethodInfo kernel, string? name = null, int groups = 0) where TLauncher : Delegate
    {
        lock (gate)
        {
            if (!launchers.TryGetValue((kernel, typeof(TLauncher)), out var known))
            {
                name ??= $"{kernel.DeclaringType} {kernel}";
                accelerator.Bind();
                known = (Load(kernel, name, groups).CreateLauncherDelegate<TLauncher>(), name);
                launchers.Add((kernel, typeof(TLauncher)), known);
            }
            Note(known.Name);
            return (TLauncher)known.Launcher;
        }
    }

    /// <summary>Does something and says which kernels it asked for.</summary>
    public static KernelUse Record(Action action)
    {
        var outer = recorded;
        var own = recorded = new();
        try { action(); }
        finally { recorded = outer; }
        return own;
    }

    /// <summary>Makes something of the kernels there are; null where another would have to be compiled.</summary>
    public static T? FromKnown<T>(Func<T> make) where T : class
    {
        isClosed = true;
        try { return make(); }
        catch (UnknownKernelException) { return null; }
        finally { isClosed = false; }
    }

    /// <summary>The methods kernels were made of.</summary>
    public IReadOnlyList<MethodInfo> Methods
    {
        get { lock (gate) return [.. launchers.Keys.Select(key => key.Item1).Distinct()]; }
    }

    /// <summary>The launcher of a kernel made for one use, which its maker keeps.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="launcher">The type of the delegate.</param>
    /// <param name="name">What tells it from all others in any process.</param>
    public Delegate Make(MethodInfo kernel, Type launcher, string name)
    {
        lock (gate)
        {
            accelerator.Bind();
            return (Delegate)CreateLauncher.MakeGenericMethod(launcher).Invoke(Load(kernel, name, groups: 0), null)!;
        }
    }

    /// <summary>Says that a kernel that <see cref="Make"/> made is used again.</summary>
    public static void Note(string name) => recorded?.Names.Add(name);

    /// <summary>Has ILGPU forget what it keeps of kernels, the types they were made of above all; launchers stay good.</summary>
    public void Forget()
    {
        Compiling.EnterWriteLock();
        try { accelerator.Context.ClearCache(ClearCacheMode.Everything); }
        finally { Compiling.ExitWriteLock(); }
    }

    public void Clear()
    {
        lock (gate) launchers.Clear();
    }

    private Kernel Load(MethodInfo method, string name, int groups)
    {
        Compiling.EnterReadLock();
        try
        {
            if (Texts.Find(name)?.Restore(accelerator, method) is { } restored)
            {
                try { return accelerator.LoadKernel(restored); }
                catch (AcceleratorException) { } // the driver takes this text no more: it gets a new one
            }
            if (isClosed) throw new UnknownKernelException();
            var limits = groups > 0 && accelerator.AcceleratorType == AcceleratorType.Cuda ? new KernelSpecialization(Grids.Threads, groups) : KernelSpecialization.Empty;
            var compiled = accelerator.CompileKernel(EntryPointDescription.FromExplicitlyGroupedKernel(method), limits);
            if (recorded is { } use) use.Compiled++;
            var text = KernelText.Of(compiled);
            if (text is not null) Texts.Add(name, text);
            // The text is what ILGPU wrote, but for what is wrong in it.
            try { return accelerator.LoadKernel(text?.Restore(accelerator, method) ?? compiled); }
            catch (AcceleratorException e) when (!DeviceErrors.IsLost(e) && !DeviceErrors.IsOutOfMemory(e))
            {
                throw new CompilationException($"{accelerator.Name} does not take kernel {method.Name}: {DeviceErrors.Describe(e)}", e);
            }
        }
        finally { Compiling.ExitReadLock(); }
    }

    private sealed class UnknownKernelException : Exception;
}
