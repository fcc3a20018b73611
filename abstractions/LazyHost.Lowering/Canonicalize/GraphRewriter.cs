using LazyHost.IR;

namespace LazyHost.Lowering.Canonicalize;

/// <summary>Rebuilds a graph node by node; a pass says what each node becomes. Every parameter and scalar slot is kept.</summary>
internal abstract class GraphRewriter
{
    private readonly List<Value[]> replaced = [];

    protected GraphBuilder Builder { get; } = new();

    public Graph Run(Graph graph)
    {
        foreach (var node in graph.Nodes)
        {
            if (!Keeps(node))
            {
                replaced.Add([]);
                continue;
            }
            Builder.CallSite = node.CallSite;
            replaced.Add(Results(node));
        }
        foreach (var root in graph.Roots) Builder.AddRoot(replaced[root.Node][root.Output]);
        return Builder.Build();
    }

    /// <summary>True when the node is to be in the new graph.</summary>
    protected virtual bool Keeps(Node node) => true;

    /// <summary>The value that stands for the node's only output, or null to take the node over as it is.</summary>
    protected abstract Value? Rewrite(Node node, ReadOnlySpan<Value> operands);

    /// <summary>A node of the new graph.</summary>
    protected Node Definition(Value value) => Builder.Nodes[value.Node];

    /// <summary>The kind of a new node, or null for parameters and scalars.</summary>
    protected PrimitiveKind? KindOf(Value value) => (Definition(value).Form as Primitive)?.Kind;

    private Value[] Results(Node node)
    {
        if (node.Form is not Primitive) return [node.Form == InputForms.Parameter || node.Form == InputForms.Scalar ? Builder.CopyInput(node) : Copy(node, Operands(node))];
        var operands = Operands(node);
        if (node.Types.Length == 1) return [Rewrite(node, operands) ?? Copy(node, operands)];
        var first = Copy(node, operands);
        var results = new Value[node.Types.Length];
        for (var i = 0; i < results.Length; i++) results[i] = new(first.Node, i);
        return results;
    }

    private Value Copy(Node node, Value[] operands) => Builder.Emit(node.Form, operands, node.Attributes);

    private Value[] Operands(Node node)
    {
        var operands = new Value[node.Operands.Length];
        for (var i = 0; i < operands.Length; i++) operands[i] = replaced[node.Operands[i].Node][node.Operands[i].Output];
        return operands;
    }
}
