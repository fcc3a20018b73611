using LazyHost.Lowering.Lanes;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Code of kernels: for the first of a structure its own, then code that serves all sizes. Bounded: when it is full it starts again, while programs keep the
/// code they use.</summary>
/// <param name="compiler">Makes the code.</param>
/// <param name="anySize">True where also the first kernel of a structure gets code for all sizes, taking every number as an argument.</param>
internal sealed unsafe class KernelCache(KernelCompiler compiler, bool anySize)
{
    private const int MostKernels = 4096;

    private readonly Lock gate = new();
    private readonly Dictionary<KernelKey, KernelBody> known = [];
    private readonly Dictionary<KernelKey, KernelFamily> families = [];

    /// <summary>The code of a kernel; counts in <paramref name="made"/> what had to be made for it.</summary>
    public KernelBody Get(Kernel kernel, ref int made)
    {
        var key = KernelKey.Of(kernel);
        lock (gate)
            if (known.TryGetValue(key, out var body)) return body;
        var code = TransposedMap.Rewrite(kernel) is { } packed ? new TransposedMap(kernel, packed, Get(packed, ref made)).Run : Find(kernel, ref made);
        lock (gate)
        {
            if (known.Count >= MostKernels) known.Clear();
            return known[key] = code;
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

    private KernelBody Find(Kernel kernel, ref int made)
    {
        var structure = KernelKey.Structure(kernel);
        KernelFamily? family;
        lock (gate)
            if (!families.TryGetValue(structure, out family))
            {
                if (families.Count >= MostKernels) families.Clear();
                families.Add(structure, family = new(kernel, anySize));
                if (!anySize) family = null; // the first has code of its own
            }
        if (family?.Get(kernel, compiler, out var isNew) is { } shared)
        {
            if (isNew) made++;
            return shared;
        }
        made++;
        return compiler.Compile(kernel);
    }
}
