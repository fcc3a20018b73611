using System.Runtime.InteropServices;

namespace LazyHost.Backends.Ilgpu.Devices;

/// <summary>NVIDIA's driver, asked before ILGPU is, which does not tell why it finds nothing.</summary>
internal static unsafe class CudaDriver
{
    /// <summary>Starts the driver; null, or what it says instead.</summary>
    public static string? Start(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "cuInit", out var start)) return "it has no cuInit";
        var error = ((delegate* unmanaged<uint, int>)start)(0);
        return error == 0 ? null : $"{Text(library, "cuGetErrorName", error) ?? "error"} ({error}): {Text(library, "cuGetErrorString", error) ?? "it has no text for this"}";
    }

    private static string? Text(nint library, string function, int error)
    {
        byte* text = null;
        return NativeLibrary.TryGetExport(library, function, out var get) && ((delegate* unmanaged<int, byte**, int>)get)(error, &text) == 0 ? Marshal.PtrToStringUTF8((nint)text) : null;
    }
}
