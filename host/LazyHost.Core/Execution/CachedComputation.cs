using LazyHost.IR;

namespace LazyHost;

/// <summary>What the cache keeps for a key: the graph as recorded, its roots, and the program.</summary>
internal sealed class CachedComputation(Graph graph, Computation computation, long keyBytes)
{
    private Dictionary<string, int>? operators;

    /// <summary>The graph of operators; node indices are the recording's.</summary>
    public Graph Graph { get; } = graph;

    public Computation Computation { get; } = computation;

    /// <summary>The roots, in rising order.</summary>
    public Value[] Roots { get; } = graph.Roots.ToArray();

    /// <summary>How often it was looked up to be run; counted under the cache's lock.</summary>
    public long Uses { get; set; }

    /// <summary>How often each operator is in the graph; worked out when somebody asks.</summary>
    public IReadOnlyDictionary<string, int> Operators => operators ??= Count(Graph);

    /// <summary>Memory held, as the cache counts it.</summary>
    public long Bytes { get; } = computation.ProgramBytes + keyBytes + (graph.Nodes.Length * 160L);

    private static Dictionary<string, int> Count(Graph graph)
    {
        var counts = new Dictionary<string, int>();
        foreach (var node in graph.Nodes)
            if (node.Form != InputForms.Parameter && node.Form != InputForms.Scalar) counts[node.Form.Name] = counts.GetValueOrDefault(node.Form.Name) + 1;
        return counts;
    }
}
