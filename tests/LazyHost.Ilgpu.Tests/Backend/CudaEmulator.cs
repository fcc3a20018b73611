using System.Runtime.InteropServices;

namespace LazyHost.Ilgpu.Tests.Backend;

/// <summary>What the emulated CUDA driver does from now on; disposed, it is as before.</summary>
internal sealed unsafe class CudaEmulator : IDisposable
{
    private readonly delegate* unmanaged<byte*, byte*, int> set;
    private readonly List<string> changed = [];

    private CudaEmulator(nint function) => set = (delegate* unmanaged<byte*, byte*, int>)function;

    /// <summary>The emulator, or the end of the test where the driver is another, or none.</summary>
    public static CudaEmulator Require()
    {
        nint function = 0;
        if (!NativeLibrary.TryLoad("libcuda.so.1", out var library) || !NativeLibrary.TryGetExport(library, "cudaEmulatorSet", out function)) Assert.Skip("there is no emulated CUDA driver: run eng/cuda-tests.sh");
        return new(function);
    }

    /// <summary>Has calls fail: <c>cuLaunchKernel:700:3</c>, the code and from which call on.</summary>
    public void Fail(string calls) => Set("FAIL", calls);

    public void Set(string name, string value)
    {
        changed.Add(name);
        fixed (byte* n = System.Text.Encoding.ASCII.GetBytes(name + '\0'), v = System.Text.Encoding.ASCII.GetBytes(value + '\0')) Assert.Equal(0, set(n, v));
    }

    public void Dispose()
    {
        foreach (var name in changed.Distinct().ToArray()) Set(name, name switch { "DRIVER" => "13000", "MEMORY" => "2048", "CAPABILITY" => "90", "DEVICES" => "1", _ => Environment.GetEnvironmentVariable($"CUDA_EMULATOR_{name}") ?? "" });
    }
}
