using LazyHost.Lowering.Lanes;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Code of kernels: for the first of a structure its own, then code that serves all sizes. Bounded: when it is full it starts again, while programs keep the
/// code they use.</summary>
/// <param name="compiler">Makes the code.</param>
internal sealed unsafe class KernelCache(KernelCompiler compiler)
{
    private const int MostKernels = 4096;

    private readonly Lock gate = new();
    private readonly Dictionary<KernelKey, (KernelBody Code, bool AnySize)> known = [];
    private readonly Dictionary<KernelKey, KernelFamily> families = [];

    /// <summary>The code of a kernel; null where it would have to be made and the request forbids that.</summary>
    public KernelBody? Get(Kernel kernel, CodeRequest request)
    {
        var key = KernelKey.Of(kernel);
        lock (gate)
            if (known.TryGetValue(key, out var found) && (found.AnySize || !request.AnySize)) return found.Code;
        var packed = TransposedMap.Rewrite(kernel);
        if ((packed is null ? Find(kernel, request) : Get(packed, request)) is not { } code) return null;
        if (packed is not null) code = new TransposedMap(kernel, packed, code).Run;
        lock (gate)
        {
            if (known.Count >= MostKernels) known.Clear();
            known[key] = (code, request.AnySize);
            return code;
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            known.Clear();
            families.Clear();
        }
    }

    private KernelBody? Find(Kernel kernel, CodeRequest request)
    {
        var structure = KernelKey.Structure(kernel);
        KernelFamily? family;
        lock (gate)
            if (!families.TryGetValue(structure, out family))
            {
                if (!request.MayMake) return null;
                if (families.Count >= MostKernels) families.Clear();
                families.Add(structure, family = new(kernel));
                if (!request.AnySize) family = null; // the first has code of its own
            }
        if (family?.Get(kernel, compiler, request) is { } shared) return shared;
        if (!request.MayMake) return null;
        request.Made++;
        return compiler.Compile(kernel);
    }
}
