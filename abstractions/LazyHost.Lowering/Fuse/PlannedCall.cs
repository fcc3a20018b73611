using LazyHost.IR;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Fuse;

/// <summary>A library call for one node.</summary>
internal sealed class PlannedCall(int sequence, Node node) : PlannedStep(sequence)
{
    public Node Node { get; } = node;

    /// <summary>The operands of a matrix product; empty for other calls.</summary>
    public IReadOnlyList<PlannedMatrix> Matrices { get; init; } = [];

    /// <summary>The attention that ends with the node, with values in place of buffers; null for other calls.</summary>
    public AttentionStep? Attention { get; init; }
}
