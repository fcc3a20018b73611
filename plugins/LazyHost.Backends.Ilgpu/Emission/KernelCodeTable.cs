using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Lowering.Lanes;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>The code of a device's kernels, by structure and schedule. Bounded: when it is full it starts again, and ILGPU forgets what it keeps of kernels, while
/// programs keep the code they use.</summary>
/// <param name="session">The device.</param>
/// <param name="saveTo">A folder every kernel is also written to as an assembly, to be looked at; or null.</param>
/// <param name="mostKernels">What it holds.</param>
internal sealed class KernelCodeTable(DeviceSession session, string? saveTo, int mostKernels = 2048)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(KernelKey Structure, KernelSchedule Schedule), KernelCode> known = [];

    /// <summary>The code for a kernel.</summary>
    /// <exception cref="CompilationException">ILGPU or the device's compiler refused it.</exception>
    public KernelCode Get(KernelTranslation kernel)
    {
        var key = (Structure: KernelKey.Structure(kernel.Kernel), kernel.Schedule);
        lock (gate)
        {
            if (known.TryGetValue(key, out var code))
            {
                KernelTable.Note(code.Name);
                return code;
            }
            if (known.Count >= mostKernels)
            {
                known.Clear();
                session.Kernels.Forget();
            }
            code = Make(kernel, $"{key.Structure.Digest} {key.Schedule}");
            KernelTable.Note(code.Name);
            known.Add(key, code);
            return code;
        }
    }

    private KernelCode Make(KernelTranslation kernel, string name)
    {
        var parameters = KernelParameter.Of(kernel.Kernel, kernel.Schedule);
        if (saveTo is not null) KernelMethod.Save(Path.Combine(saveTo, $"{kernel.Kernel.Name}-{known.Count}.dll"), parameters, kernel.Emit);
        var (type, launcher) = KernelMethod.Build(parameters, kernel.Emit);
        var method = type.GetMethod(KernelMethod.KernelName)!;
        KernelValidator.Check(method);
        try
        {
            return new(name, parameters, session.Kernels.Make(method, launcher, name), type.GetMethod(KernelMethod.AdapterName)!
                .CreateDelegate<Action<Delegate, AcceleratorStream, KernelConfig, ArrayView<long>, ArrayView<long>, ArrayView<byte>[]>>());
        }
        catch (Exception e) when (e.GetBaseException() is InternalCompilerException or NotSupportedException or InvalidOperationException or AcceleratorException
            && !DeviceErrors.IsLost(e.GetBaseException()) && !DeviceErrors.IsOutOfMemory(e.GetBaseException()))
        {
            throw new CompilationException($"kernel {kernel.Kernel.Name} does not compile for {session.Accelerator.Name}: {(e.GetBaseException() is AcceleratorException driver ? DeviceErrors.Describe(driver) : (e.InnerException ?? e).Message)}", e);
        }
    }
}
