using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>Rewrites a graph until a backend can run every node: primitives, and operators it takes whole.</summary>
public static class GraphDecomposer
{
    /// <summary>
    /// Asks for each node that a root needs whether the backend takes it whole, and expands it into its decomposition where it does not, asking again for each
    /// part. Call sites, parameters, scalars, and the roots in their order stay as they are.
    /// </summary>
    /// <exception cref="UnsupportedOperatorException">The backend can run an operator or a primitive of its decomposition in no way; the message names it with
    /// its operand types, and the call site.</exception>
    public static Graph Decompose(Graph graph, CapabilityQuery query)
    {
        graph = graph.WithoutDeadNodes();
        var builder = new ExpandingBuilder(query);
        var places = new Value[graph.Nodes.Length];
        foreach (var node in graph.Nodes) places[node.Index] = builder.Copy(node, places);
        foreach (var root in graph.Roots) builder.AddRoot(root with { Node = places[root.Node].Node });
        return builder.Build().WithoutDeadNodes();
    }
}
