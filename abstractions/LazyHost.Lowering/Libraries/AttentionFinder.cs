using LazyHost.IR;
using LazyHost.Lowering.Fuse;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Libraries;

/// <summary>Finds products that end an attention of which nothing but the result is used.</summary>
internal sealed class AttentionFinder
{
    private readonly Graph graph;
    private readonly ValueTable values;
    private readonly Func<AttentionSizes, bool> takes;
    private readonly int[] uses;

    public AttentionFinder(Graph graph, ValueTable values, Func<AttentionSizes, bool> takes)
    {
        (this.graph, this.values, this.takes) = (graph, values, takes);
        uses = new int[graph.Nodes.Length];
        foreach (var node in graph.Nodes) foreach (var operand in node.Operands) uses[operand.Node]++;
        foreach (var root in graph.Roots) uses[root.Node]++;
    }

    /// <summary>The attention whose result a node is, or shows with its dimensions permuted; with values in place of buffers. Null where it is none, or none that the backend takes.</summary>
    public AttentionStep? Find(Node result)
    {
        var node = result;
        // stored as it is wanted, where it is wanted in one way only
        if (result.Form is Primitive { Kind: PrimitiveKind.Permute })
            do
            {
                node = graph.Nodes[node.Operands[0].Node];
                if (uses[node.Index] != 1) return null;
            }
            while (node.Form is Primitive { Kind: PrimitiveKind.Reshape });
        if (node.Form is not Primitive { Kind: PrimitiveKind.DotGeneral } || !node.Type.DType.IsFloat() || node.Type.Shape.ElementCount == 0) return null;
        var match = new AttentionMatch(graph, values, node, result);
        return match.Find() is { } step && takes(step.Sizes) && IsPrivate(match.Inside, node) ? step : null;
    }

    // every use of what lies between the operands and the result lies there too
    private bool IsPrivate(IReadOnlySet<int> inside, Node result)
    {
        var within = inside.ToDictionary(index => index, _ => 0);
        foreach (var index in inside.Append(result.Index))
            foreach (var operand in graph.Nodes[index].Operands)
                if (within.TryGetValue(operand.Node, out var count)) within[operand.Node] = count + 1;
        return within.All(pair => pair.Value == uses[pair.Key]);
    }
}
