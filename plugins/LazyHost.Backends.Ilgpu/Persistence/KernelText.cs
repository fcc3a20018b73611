using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR.Types;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace LazyHost.Backends.Ilgpu.Persistence;

/// <summary>A compiled kernel as the driver is given it: PTX without branches that say they are uniform, or OpenCL C with barriers that order local memory as well. Making a kernel of it saves the way from IL to text; the driver's own part remains.</summary>
/// <param name="Source">The text.</param>
/// <param name="SharedBytes">Shared memory it declares.</param>
internal sealed partial record KernelText(string Source, int SharedBytes)
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
    private const int FieldsOfAView = 2;

    // ILGPU's barriers in OpenCL order global memory alone; kernels share local memory across them.
    private const string GlobalFence = "CLK_GLOBAL_MEM_FENCE", BothFences = "CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE";

    // ILGPU 1.5.3 keeps these three to itself.
    private static readonly PropertyInfo? EntryPointOf = typeof(CompiledKernel).GetProperty("EntryPoint", Hidden);
    private static readonly PropertyInfo? TypesOf = typeof(Context).GetProperty("TypeContext", Hidden);
    private static readonly ConstructorInfo? MakePtx = typeof(PTXCompiledKernel).GetConstructor(Hidden, [typeof(Context), typeof(EntryPoint), typeof(CompiledKernel.KernelInfo), typeof(string)]);

    /// <summary>The text of a kernel, or null where its kind has none.</summary>
    public static KernelText? Of(CompiledKernel kernel)
    {
        if (EntryPointOf?.GetValue(kernel) is not EntryPoint entry || entry.SharedMemory.HasDynamicMemory) return null;
        var source = kernel switch
        {
            PTXCompiledKernel ptx when MakePtx is not null => Uniform().Replace(ptx.PTXAssembly, "$1"),
            CLCompiledKernel cl when TypesOf is not null => cl.Source.Replace(GlobalFence, BothFences, StringComparison.Ordinal),
            _ => null,
        };
        return source is null ? null : new(source, entry.SharedMemory.StaticSize);
    }

    /// <summary>The kernel of a method whose text this is, or null where the device takes no such text.</summary>
    public CompiledKernel? Restore(Accelerator accelerator, MethodInfo method)
    {
        var (context, entry) = (accelerator.Context, EntryPointDescription.FromExplicitlyGroupedKernel(method));
        var shared = new SharedMemorySpecification(SharedBytes, false);
        return accelerator switch
        {
            CLAccelerator cl when TypesOf?.GetValue(context) is TypeInformationManager types =>
                new CLCompiledKernel(context, new SeparateViewEntryPoint(entry, shared, KernelSpecialization.Empty, types, FieldsOfAView), null, Source, ((CLDevice)cl.Device).CLStdVersion),
            _ when accelerator.AcceleratorType == AcceleratorType.Cuda =>
                MakePtx?.Invoke([context, new EntryPoint(entry, shared, KernelSpecialization.Empty), null, Source]) as CompiledKernel,
            _ => null,
        };
    }

    /// <summary>ILGPU calls branches uniform that are not: it does not see that values differ where threads came different ways. NVIDIA's assembler leaves out then what brings them together again, before shuffles and products of warps too.</summary>
    [GeneratedRegex(@"(@!?%p\d+\s+bra|\bbrx\.idx)\.uni")]
    private static partial Regex Uniform();
}
