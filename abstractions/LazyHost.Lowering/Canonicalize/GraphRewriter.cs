using LazyHost.IR;

namespace LazyHost.Lowering.Canonicalize;

/// <summary>
/// Goes over a graph node by node; a pass says what each node becomes. Every parameter and scalar slot is kept. Until a pass changes something nothing is
/// copied, and a pass that changes nothing gives back the graph it was given.
/// </summary>
internal abstract class GraphRewriter
{
    private readonly List<Value[]> replaced = [];
    private Graph graph = null!;
    private GraphBuilder? builder;
    private int current;

    /// <summary>Where new nodes go; asking for it is a change.</summary>
    protected GraphBuilder Builder => builder ??= CopyBefore(current);

    public Graph Run(Graph from)
    {
        graph = from;
        for (current = 0; current < graph.Nodes.Length; current++)
        {
            var node = graph.Nodes[current];
            if (!Keeps(node))
            {
                _ = Builder;
                replaced.Add([]);
                continue;
            }
            if (builder is not null) builder.CallSite = node.CallSite;
            replaced.Add(Results(node));
        }
        if (builder is null) return graph;
        foreach (var root in graph.Roots) builder.AddRoot(replaced[root.Node][root.Output]);
        return builder.Build();
    }

    /// <summary>True when the node is to be in the new graph.</summary>
    protected virtual bool Keeps(Node node) => true;

    /// <summary>The value that stands for the node's only output, or null to take the node over as it is.</summary>
    protected abstract Value? Rewrite(Node node, ReadOnlySpan<Value> operands);

    /// <summary>Called for each primitive of one output that is taken over, with the value it is now.</summary>
    protected virtual void Kept(Node node, ReadOnlySpan<Value> operands, Value value)
    {
    }

    /// <summary>A node of the new graph.</summary>
    protected Node Definition(Value value) => builder is null ? graph.Nodes[value.Node] : builder.Nodes[value.Node];

    /// <summary>The kind of a new node, or null for parameters, scalars and operators.</summary>
    protected PrimitiveKind? KindOf(Value value) => (Definition(value).Form as Primitive)?.Kind;

    /// <summary>The type of a value of the new graph.</summary>
    protected TensorType TypeOf(Value value) => Definition(value).Types[value.Output];

    private Value[] Results(Node node)
    {
        if (Kinds.IsInput(node)) return [builder is null ? new(node.Index) : builder.CopyInput(node)];
        var operands = new Value[node.Operands.Length];
        for (var i = 0; i < operands.Length; i++) operands[i] = replaced[node.Operands[i].Node][node.Operands[i].Output];
        if (node.Types.Length == 1 && node.Form is Primitive)
        {
            if (Rewrite(node, operands) is { } value)
            {
                _ = Builder;
                return [value];
            }
            value = Copy(node, operands);
            Kept(node, operands, value);
            return [value];
        }
        var first = Copy(node, operands);
        var results = new Value[node.Types.Length];
        for (var i = 0; i < results.Length; i++) results[i] = new(first.Node, i);
        return results;
    }

    private Value Copy(Node node, Value[] operands) => builder is null ? new(node.Index) : builder.Emit(node.Form, operands, node.Attributes);

    // nothing has changed so far, so every node keeps its number
    private GraphBuilder CopyBefore(int count)
    {
        var copy = new GraphBuilder();
        foreach (var node in graph.Nodes[..count])
        {
            copy.CallSite = node.CallSite;
            if (Kinds.IsInput(node)) copy.CopyInput(node);
            else copy.Emit(node.Form, node.Operands, node.Attributes);
        }
        copy.CallSite = graph.Nodes[count].CallSite;
        return copy;
    }
}
