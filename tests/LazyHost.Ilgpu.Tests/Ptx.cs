using System.Reflection;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime;
using ILGPU;
using LazyHost.Backends.Ilgpu.Functions;
using LazyHost.Backends.Ilgpu.Persistence;

namespace LazyHost.Ilgpu.Tests;

/// <summary>The code explicitly grouped kernels become for NVIDIA's devices; needs neither a device nor a driver.</summary>
internal static class Ptx
{
    private static readonly Lock Gate = new();

    /// <summary>A folder every PTX is also written to, for NVIDIA's assembler: see eng/ptxas.sh.</summary>
    private static readonly string? SaveTo = Environment.GetEnvironmentVariable("LAZYHOST_PTX_FOLDER");

    private static int saved;

    /// <summary>The architectures every kernel must have code for.</summary>
    public static CudaArchitecture[] Architectures { get; } = [CudaArchitecture.SM_80, CudaArchitecture.SM_90];

    /// <summary>The PTX of a kernel as the driver is given it, whatever its generic arguments are.</summary>
    public static string Compile(MethodInfo kernel, CudaArchitecture architecture) => Compile([kernel], architecture)[0];

    /// <summary>The PTX of some kernels.</summary>
    public static string[] Compile(IEnumerable<MethodInfo> kernels, CudaArchitecture architecture)
    {
        lock (Gate)
        {
            using var context = Context.Create(builder =>
            {
                builder.CPU().EnableAlgorithms().Optimize(OptimizationLevel.O2);
                DeviceMathCode.Register(builder);
            });
            using var backend = new PTXBackend(context, architecture, new CudaInstructionSet(8, 4), null!);
            return [.. kernels.Select(kernel => Saved(KernelText.Of(backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), new KernelSpecialization()))!.Source, architecture))];
        }
    }

    private static string Saved(string text, CudaArchitecture architecture)
    {
        if (SaveTo is not null) File.WriteAllText(Path.Combine(SaveTo, $"sm_{architecture.Major}{architecture.Minor}-{++saved:D4}.ptx"), text);
        return text;
    }
}
