using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Which way a kernel is walked. Decided by the kernel alone, so that results do not depend on the machine.</summary>
internal enum KernelWalk
{
    Map, Row, Column,
}

internal static class KernelShape
{
    /// <summary>The same kernel with a last loop to walk: kernels over one point get a loop of size 1.</summary>
    public static Kernel Normalize(Kernel kernel)
    {
        if (kernel.IsElementwise ? kernel.Sizes.Count > 0 : kernel.Sizes.Count > kernel.OuterRank) return kernel;
        return kernel with
        {
            Sizes = [.. kernel.Sizes, 1],
            OuterRank = kernel.IsElementwise ? kernel.OuterRank + 1 : kernel.OuterRank,
            Accesses = [.. kernel.Accesses.Select(a => a with { Strides = [.. a.Strides, 0] })],
        };
    }

    public static KernelWalk Walk(Kernel kernel)
    {
        if (kernel.IsElementwise) return KernelWalk.Map;
        if (kernel.OuterRank == 0) return KernelWalk.Row;
        var (last, column) = (kernel.Sizes.Count - 1, kernel.OuterRank - 1);
        var isRow = kernel.Sizes[last] == 1 || kernel.Accesses.All(a => a.Strides[last] is 0 or 1);
        var isColumn = kernel.Sizes[column] > 1 && kernel.Accesses.All(a => a.Strides[column] is 0 or 1 && a.Guards.All(g => g.Loop != column))
            && kernel.Stages.SelectMany(s => s.Stores.Concat(s.RowStores)).All(s => kernel.Accesses[s.Access].Strides[column] == 1);
        return isColumn && !isRow ? KernelWalk.Column : KernelWalk.Row;
    }
}
