using LazyHost.IR;

namespace LazyHost;

/// <summary>What the cache keeps for a key: the graph as recorded, its roots, and the program.</summary>
internal sealed class CachedComputation(Graph graph, Computation computation, long keyBytes)
{
    /// <summary>The graph of operators; node indices are the recording's.</summary>
    public Graph Graph { get; } = graph;

    public Computation Computation { get; } = computation;

    /// <summary>The roots, in rising order.</summary>
    public Value[] Roots { get; } = graph.Roots.ToArray();

    /// <summary>Memory held, as the cache counts it.</summary>
    public long Bytes { get; } = computation.ProgramBytes + keyBytes + (graph.Nodes.Length * 160L);
}
