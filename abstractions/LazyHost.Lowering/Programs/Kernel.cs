namespace LazyHost.Lowering.Programs;

/// <summary>
/// A fused loop nest, in terms of no backend. Loops 0 .. OuterRank-1 are independent points (rows); the rest are walked inside each of them. An element-wise
/// kernel has OuterRank = loops, one stage, and stores at its single inner point. Loops are collapsed where all accesses allow it; a scalar kernel has none.
/// </summary>
public sealed record Kernel(
    string Name,
    IReadOnlyList<long> Sizes,
    int OuterRank,
    IReadOnlyList<KernelAccess> Accesses,
    IReadOnlyList<KernelExpression> Expressions,
    IReadOnlyList<KernelStage> Stages)
{
    /// <summary>True when no stage reduces and every point stands alone.</summary>
    public bool IsElementwise => OuterRank == Sizes.Count && Stages.Count == 1 && Stages[0].Reductions.Count == 0;

    /// <summary>The number of outer points.</summary>
    public long OuterCount => Product(0, OuterRank);

    /// <summary>The number of inner points of each outer point.</summary>
    public long InnerCount => Product(OuterRank, Sizes.Count);

    /// <summary>Roughly the number of scalar operations.</summary>
    public long Operations => OuterCount * InnerCount * Math.Max(1, Expressions.Count) * Stages.Count;

    private long Product(int from, int to)
    {
        long product = 1;
        for (var i = from; i < to; i++) product *= Sizes[i];
        return product;
    }
}
