using System.Runtime.InteropServices;
using ILGPU;

namespace LazyHost.Backends.Ilgpu.Devices;

/// <summary>ILGPU asks for libraries by names that only development packages install; without these the list of devices is empty, and nobody says why.</summary>
internal static class NativeNames
{
    private static readonly Lock Gate = new();
    private static bool isInstalled;

    /// <summary>Makes ILGPU find the drivers under the names they are installed by. To be called before the first context.</summary>
    public static void Install()
    {
        if (!OperatingSystem.IsLinux()) return;
        lock (Gate)
        {
            if (isInstalled) return;
            isInstalled = true;
            try { NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, static (name, _, _) => Find(name)); }
            catch (InvalidOperationException) { } // under WSL, ILGPU has set one of its own
        }
    }

    private static nint Find(string name) => name switch
    {
        "OpenCL" => NativeLibrary.TryLoad("libOpenCL.so.1", out var library) ? library : 0,
        "cuda" => NativeLibrary.TryLoad("libcuda.so.1", out var library) ? library : 0,
        _ => 0,
    };
}
