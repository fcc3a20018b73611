using LazyHost.Lowering.Lanes;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Which nodes change along the vector loop, and which change from point to point at all.</summary>
internal sealed class Dependence
{
    private readonly bool[] varies, moves;
    private readonly LaneGraph graph;

    /// <param name="source">The kernel.</param>
    /// <param name="vectorLoop">The vector loop.</param>
    /// <param name="isColumn">True when the vector loop is an outer one, so that reduced values and all that inner loops touch differ by lane.</param>
    public Dependence(TranslatedKernel source, int vectorLoop, bool isColumn)
    {
        graph = source.Graph;
        varies = new bool[graph.Nodes.Count];
        moves = new bool[graph.Nodes.Count];
        for (var id = 0; id < varies.Length; id++)
        {
            var node = graph.Nodes[id];
            moves[id] = node.Op is LaneOp.Load or LaneOp.LoopIndex or LaneOp.Reduced || Any(node, moves);
            varies[id] = node.Op switch
            {
                LaneOp.Load => isColumn || (source.Kernel.Accesses[node.Index].Strides[vectorLoop] != 0 && source.Kernel.Sizes[vectorLoop] > 1),
                LaneOp.LoopIndex => isColumn || node.Index == vectorLoop,
                LaneOp.Reduced => isColumn,
                _ => Any(node, varies),
            };
        }
    }

    public bool Varies(int node) => varies[node];

    /// <summary>False for what depends on literals and the scalar block alone.</summary>
    public bool Moves(int node) => moves[node];

    /// <summary>The nodes that do not vary but are operands of ones that do, or roots themselves; literals are left out.</summary>
    public HashSet<int> Frontier(IEnumerable<int> roots)
    {
        var (frontier, seen, stack) = (new HashSet<int>(), new HashSet<int>(), new Stack<int>(roots));
        while (stack.TryPop(out var id))
        {
            if (!seen.Add(id)) continue;
            var node = graph.Nodes[id];
            if (!varies[id])
            {
                if (node.Op != LaneOp.Constant) frontier.Add(id);
                continue;
            }
            foreach (var operand in (ReadOnlySpan<int>)[node.A, node.B, node.C])
                if (operand >= 0) stack.Push(operand);
        }
        return frontier;
    }

    /// <summary>The nodes that vary and that roots need.</summary>
    public IEnumerable<int> Varying(IEnumerable<int> roots)
    {
        var (seen, stack) = (new HashSet<int>(), new Stack<int>(roots));
        while (stack.TryPop(out var id))
        {
            if (!varies[id] || !seen.Add(id)) continue;
            var node = graph.Nodes[id];
            foreach (var operand in (ReadOnlySpan<int>)[node.A, node.B, node.C])
                if (operand >= 0) stack.Push(operand);
        }
        return seen;
    }

    /// <summary>The accesses that roots need, whether they vary or not.</summary>
    public IEnumerable<int> Loads(IEnumerable<int> roots)
    {
        var (seen, stack) = (new HashSet<int>(), new Stack<int>(roots));
        while (stack.TryPop(out var id))
        {
            if (!seen.Add(id)) continue;
            var node = graph.Nodes[id];
            foreach (var operand in (ReadOnlySpan<int>)[node.A, node.B, node.C])
                if (operand >= 0) stack.Push(operand);
        }
        return seen.Where(id => graph.Nodes[id].Op == LaneOp.Load).Select(id => graph.Nodes[id].Index).Distinct();
    }

    private static bool Any(LaneNode node, bool[] flags) =>
        (node.A >= 0 && flags[node.A]) || (node.B >= 0 && flags[node.B]) || (node.C >= 0 && flags[node.C]);
}
