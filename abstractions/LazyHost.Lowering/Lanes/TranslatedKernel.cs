using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Lanes;

/// <summary>A kernel whose expressions have become lanes.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Graph">Its operations.</param>
/// <param name="Stages">Its stages in terms of nodes.</param>
/// <param name="Fills">For each access the node (of storage type) a guarded load gives outside, or -1.</param>
public sealed record TranslatedKernel(Kernel Kernel, LaneGraph Graph, IReadOnlyList<TranslatedStage> Stages, int[] Fills)
{
    /// <summary>The numbers of the kernel that its code takes as arguments; null where all are literals.</summary>
    public KernelArguments? Numbers { get; init; }

    /// <summary>True when some operation exists for single lanes only.</summary>
    public bool IsScalarOnly => Graph.Nodes.Any(node => node.Op == LaneOp.Call);
}
