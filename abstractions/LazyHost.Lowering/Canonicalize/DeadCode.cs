using LazyHost.IR;

namespace LazyHost.Lowering.Canonicalize;

/// <summary>Removes nodes that no root depends on. Parameters and scalars stay, because their slots are the program's signature.</summary>
public static class DeadCode
{
    /// <summary>The graph without dead nodes.</summary>
    public static Graph Run(Graph graph)
    {
        var live = new bool[graph.Nodes.Length];
        foreach (var root in graph.Roots) live[root.Node] = true;
        var dead = 0;
        for (var i = live.Length - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            if (!live[i] && !Kinds.IsInput(node)) dead++;
            if (!live[i]) continue;
            foreach (var operand in node.Operands) live[operand.Node] = true;
        }
        return dead == 0 ? graph : new Rewriter(live).Run(graph);
    }

    private sealed class Rewriter(bool[] live) : GraphRewriter
    {
        protected override bool Keeps(Node node) => live[node.Index] || Kinds.IsInput(node);

        protected override Value? Rewrite(Node node, ReadOnlySpan<Value> operands) => null;
    }
}
