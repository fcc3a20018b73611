using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Code of kernels by structure. Bounded: when it is full it starts again, while programs keep the code they use.</summary>
internal sealed class KernelCache(KernelCompiler compiler)
{
    private const int MostKernels = 4096;

    private readonly Lock gate = new();
    private readonly Dictionary<KernelKey, KernelBody> known = [];

    public KernelBody Get(Kernel kernel)
    {
        var key = new KernelKey(kernel);
        lock (gate)
            if (known.TryGetValue(key, out var body)) return body;
        var made = compiler.Compile(kernel);
        lock (gate)
        {
            if (known.Count >= MostKernels) known.Clear();
            return known[key] = made;
        }
    }

    public void Clear()
    {
        lock (gate) known.Clear();
    }
}
