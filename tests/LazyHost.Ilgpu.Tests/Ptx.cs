using System.Reflection;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime;
using ILGPU;

namespace LazyHost.Ilgpu.Tests;

/// <summary>The code explicitly grouped kernels become for NVIDIA's devices; needs neither a device nor a driver.</summary>
internal static class Ptx
{
    private static readonly Lock Gate = new();

    /// <summary>The architectures every kernel must have code for.</summary>
    public static CudaArchitecture[] Architectures { get; } = [CudaArchitecture.SM_80, CudaArchitecture.SM_90];

    /// <summary>The PTX of a kernel, whatever its generic arguments are.</summary>
    public static string Compile(MethodInfo kernel, CudaArchitecture architecture)
    {
        lock (Gate)
        {
            using var context = Context.Create(builder => builder.CPU().EnableAlgorithms().Optimize(OptimizationLevel.O2));
            using var backend = new PTXBackend(context, architecture, new CudaInstructionSet(8, 4), null!);
            return ((PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), new KernelSpecialization())).PTXAssembly;
        }
    }
}
