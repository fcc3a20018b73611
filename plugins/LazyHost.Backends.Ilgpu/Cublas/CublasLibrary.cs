using System.Runtime.InteropServices;

namespace LazyHost.Backends.Ilgpu.Cublas;

/// <summary>The functions of cuBLAS that products need, from whichever version is installed. Looking for it fails nowhere: where there is none, <see cref="Description"/> says so.</summary>
internal sealed unsafe class CublasLibrary
{
    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["cublas64_13.dll", "cublas64_12.dll", "cublas64_11.dll"] : ["libcublas.so.13", "libcublas.so.12", "libcublas.so.11"];
    private static readonly Lazy<CublasLibrary?> Found = new(Find);

    private CublasLibrary(string name, nint library)
    {
        Name = name;
        Create = (delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(library, "cublasCreate_v2");
        Destroy = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "cublasDestroy_v2");
        SetStream = (delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(library, "cublasSetStream_v2");
        SetMathMode = (delegate* unmanaged<nint, int, int>)NativeLibrary.GetExport(library, "cublasSetMathMode");
        Multiply = (delegate* unmanaged<nint, int, int, int, int, int, void*, nint, int, int, nint, int, int, void*, nint, int, int, int, int, int>)NativeLibrary.GetExport(library, "cublasGemmEx");
        MultiplyBatch = (delegate* unmanaged<nint, int, int, int, int, int, void*, nint, int, int, long, nint, int, int, long, void*, nint, int, int, long, int, int, int, int>)
            NativeLibrary.GetExport(library, "cublasGemmStridedBatchedEx");
    }

    /// <summary>The library, or null.</summary>
    public static CublasLibrary? Instance => Found.Value;

    /// <summary>What was found, for people.</summary>
    public static string Description => Instance?.Name ?? $"none found (tried {string.Join(", ", Names)})";

    public string Name { get; }

    /// <summary>Where the handle goes; all functions return 0 or an error.</summary>
    public delegate* unmanaged<nint*, int> Create { get; }

    public delegate* unmanaged<nint, int> Destroy { get; }

    /// <summary>Handle, stream of the driver.</summary>
    public delegate* unmanaged<nint, nint, int> SetStream { get; }

    public delegate* unmanaged<nint, int, int> SetMathMode { get; }

    /// <summary>Handle, whether to turn the first and the second, rows, columns, depth, factor, first with type and leading, second likewise, factor of the result, result likewise, type to compute in, algorithm.</summary>
    public delegate* unmanaged<nint, int, int, int, int, int, void*, nint, int, int, nint, int, int, void*, nint, int, int, int, int, int> Multiply { get; }

    /// <summary>The same with the stride of the batch after each leading, and the batch before the type to compute in.</summary>
    public delegate* unmanaged<nint, int, int, int, int, int, void*, nint, int, int, long, nint, int, int, long, void*, nint, int, int, long, int, int, int, int> MultiplyBatch { get; }

    private static CublasLibrary? Find()
    {
        foreach (var name in Names)
        {
            if (!NativeLibrary.TryLoad(name, out var library)) continue;
            try { return new(name, library); }
            catch (EntryPointNotFoundException) { NativeLibrary.Free(library); } // not what its name says
        }
        return null;
    }
}
