using LazyHost.Lowering.Lanes;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>
/// An element-wise kernel of more operations than RyuJIT optimizes in one method: several methods that do a tile of points one after the other, and hand values on
/// through scratch that stays in the cache.
/// </summary>
internal sealed unsafe class LongMap(Kernel kernel, KernelBody[] parts, IReadOnlyList<KernelAccess> accesses)
{
    private const int MostOperations = 1000, PartOperations = 600;
    private const int Tile = 512;

    private readonly int buffers = kernel.Accesses.Count == 0 ? 0 : kernel.Accesses.Max(a => a.Buffer) + 1;
    private readonly KernelAccess[] handed = [.. accesses.Skip(kernel.Accesses.Count)];

    /// <summary>The parts of a kernel that is too long; null for others.</summary>
    public static List<TranslatedKernel>? Split(TranslatedKernel source)
    {
        var last = source.Kernel.Sizes.Count - 1;
        var dependence = new Dependence(source, last, isColumn: false);
        var stores = source.Stages[0].Stores;
        var order = NodeOrder.Of(source.Graph, stores.Select(s => s.Node), _ => false, []);
        var varying = order.Where(dependence.Varies).ToList();
        return varying.Count <= MostOperations ? null : new LongMapSplitter(source, varying, PartOperations).Run();
    }

    public void Run(byte** addresses, long* scalars, long begin, long end)
    {
        var table = stackalloc byte*[buffers + handed.Length];
        for (var i = 0; i < buffers; i++) table[i] = addresses[i];
        var scratch = stackalloc byte[(handed.Length * Tile * sizeof(long)) + 64];
        scratch = (byte*)(((nint)scratch + 63) & ~63);
        for (; begin < end; begin += Tile)
        {
            for (var i = 0; i < handed.Length; i++) table[handed[i].Buffer] = scratch + (i * Tile * sizeof(long)) - (begin * handed[i].DType.Size());
            foreach (var part in parts) part(table, scalars, begin, Math.Min(end, begin + Tile));
        }
    }
}
