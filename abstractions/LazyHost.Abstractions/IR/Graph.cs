using System.Text;

namespace LazyHost.IR;

/// <summary>A closed segment, or what a pass has made of it: nodes in an order in which every operand comes before its use. Immutable.</summary>
public sealed class Graph
{
    internal Graph(Node[] nodes, Value[] roots, TensorType[] parameters, DType[] scalars)
    {
        NodeArray = nodes;
        RootArray = roots;
        Parameters = parameters;
        Scalars = scalars;
    }

    internal Node[] NodeArray { get; }

    internal Value[] RootArray { get; }

    /// <summary>The nodes.</summary>
    public ReadOnlySpan<Node> Nodes => NodeArray;

    /// <summary>The values the program must deliver, in the order of its outputs.</summary>
    public ReadOnlySpan<Value> Roots => RootArray;

    /// <summary>The types of the device buffers the program takes, by slot.</summary>
    public IReadOnlyList<TensorType> Parameters { get; }

    /// <summary>The types of the numbers the program takes, by slot.</summary>
    public IReadOnlyList<DType> Scalars { get; }

    /// <summary>The type of a value.</summary>
    public TensorType TypeOf(Value value) => NodeArray[value.Node].TypeArray[value.Output];

    /// <summary>The graph without the nodes that no root needs. Parameters and scalars stay, used or not, so that slots keep their order.</summary>
    public Graph WithoutDeadNodes()
    {
        var live = new bool[NodeArray.Length];
        foreach (var root in RootArray) live[root.Node] = true;
        for (var i = NodeArray.Length - 1; i >= 0; i--)
        {
            if (NodeArray[i].Form == InputForms.Parameter || NodeArray[i].Form == InputForms.Scalar) live[i] = true;
            if (live[i]) foreach (var operand in NodeArray[i].OperandArray) live[operand.Node] = true;
        }
        if (!live.Contains(false)) return this;
        var places = new int[NodeArray.Length];
        var kept = new List<Node>();
        for (var i = 0; i < NodeArray.Length; i++)
        {
            if (!live[i]) continue;
            var node = NodeArray[i];
            places[i] = kept.Count;
            kept.Add(new(kept.Count, node.Form, Moved(node.OperandArray), node.Attributes, node.TypeArray, node.CallSite));
        }
        return new([.. kept], Moved(RootArray), [.. Parameters], [.. Scalars]);

        Value[] Moved(Value[] values) => Array.ConvertAll(values, value => value with { Node = places[value.Node] });
    }

    /// <summary>The graph as text, a node a line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var node in NodeArray) text.Append(node).Append('\n');
        return text.Append("return ").AppendJoin(", ", RootArray).Append('\n').ToString();
    }
}
