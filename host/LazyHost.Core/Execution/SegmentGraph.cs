using LazyHost.IR;

namespace LazyHost;

/// <summary>Turns a recording into a graph with the same node indices, and a graph back into a recording.</summary>
internal static class SegmentGraph
{
    public static Graph Build(Recording recording, List<Value> roots)
    {
        var builder = new GraphBuilder();
        for (var i = 0; i < recording.Count; i++)
        {
            ref var node = ref recording.Nodes[i];
            builder.CallSite = recording.SiteOf(i);
            if (node.Form == InputForms.Parameter) builder.Parameter(node.Type);
            else if (node.Form == InputForms.Scalar) builder.Scalar(node.DType);
            else builder.Emit(node.Form, recording.OperandsOf(node), node.Attributes);
        }
        foreach (var root in roots) builder.AddRoot(root);
        return builder.Build();
    }

    /// <summary>Records a closed segment again, with its values of then: all of it with its own roots, or only what one value needs.</summary>
    /// <returns>The value in the new recording.</returns>
    public static Value Replay(Segment closed, Value wanted, bool whole, Recording into)
    {
        var graph = closed.Graph!;
        var needed = whole ? null : Needed(graph, wanted);
        var map = new int[graph.Nodes.Length];
        into.AnySize = closed.AnySize;
        foreach (var node in graph.Nodes)
        {
            if (needed is not null && !needed[node.Index]) continue;
            if (node.Form == InputForms.Parameter) map[node.Index] = into.Input(closed.Inputs[(int)node.Int(0)], closed.InputOrigins?[(int)node.Int(0)]);
            else if (node.Form == InputForms.Scalar) map[node.Index] = into.AddScalar(node.Type.DType, closed.Scalars[node.Int(0)]);
            else
            {
                var operands = new Value[node.Operands.Length];
                for (var i = 0; i < operands.Length; i++) operands[i] = new(map[node.Operands[i].Node], node.Operands[i].Output);
                if (node.CallSite?.Scope != into.Scope?.Path) into.Enter(node.CallSite?.Scope is { } scope ? IrScope.Of(scope) : null);
                ref var copy = ref into.Add(node.Form, operands, node.Attributes, node.Type);
                (copy.File, copy.Line) = (node.CallSite?.File, node.CallSite?.Line ?? 0);
                map[node.Index] = into.Count - 1;
                for (var i = 1; i < node.Types.Length; i++) into.ExtraOutputs[new(map[node.Index], i)] = node.Types[i];
            }
        }
        if (whole)
            foreach (var root in graph.Roots) into.Nodes[map[root.Node]].Flags |= NodeFlags.Asked;
        var value = new Value(map[wanted.Node], wanted.Output);
        into.Nodes[value.Node].Flags |= NodeFlags.Asked;
        return value;
    }

    /// <summary>The nodes a value is computed from.</summary>
    public static bool[] Needed(Graph graph, Value wanted)
    {
        var needed = new bool[graph.Nodes.Length];
        needed[wanted.Node] = true;
        for (var i = wanted.Node; i >= 0; i--)
            if (needed[i])
                foreach (var operand in graph.Nodes[i].Operands) needed[operand.Node] = true;
        return needed;
    }
}
