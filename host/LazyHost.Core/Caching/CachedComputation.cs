using LazyHost.IR;

namespace LazyHost;

/// <summary>What the cache keeps for a key: the graph as it was first recorded, and the program. Holding on to it keeps the graph, not the program.</summary>
public sealed class CachedComputation
{
    private Dictionary<string, int>? operators;
    private int[]? sequence;

    internal CachedComputation(Graph graph, Computation computation, long keyBytes)
    {
        (Graph, Computation) = (graph, computation);
        Roots = graph.Roots.ToArray();
        Bytes = computation.ProgramBytes + keyBytes + (graph.Nodes.Length * 160L);
    }

    /// <summary>The hash of its key, as dumps and traces show it. The cache compares whole keys.</summary>
    public UInt128 Key { get; internal init; }

    /// <summary>The device it was compiled for; all devices of that kind use it.</summary>
    public DeviceId Device { get; internal init; }

    /// <summary>The graph of operators; node indices are the recording's.</summary>
    public Graph Graph { get; }

    /// <summary>How long compiling it took.</summary>
    public TimeSpan CompileTime { get; internal init; }

    /// <summary>Why it was compiled, or null where no segment had it compiled.</summary>
    public CompileExplanation? Explanation { get; internal init; }

    /// <summary>Memory held, as the cache counts it.</summary>
    public long Bytes { get; }

    /// <summary>How often it was looked up to be run.</summary>
    public long Uses { get; internal set; } // counted under the cache's lock

    /// <summary>How often each operator is in the graph, by name.</summary>
    public IReadOnlyDictionary<string, int> Operators => operators ??= Count(Graph);

    internal Computation Computation { get; }

    /// <summary>The roots, in rising order.</summary>
    internal Value[] Roots { get; }

    /// <summary>The numbers of its operators' forms, in order and without inputs: what the nearest program is found by.</summary>
    internal int[] Sequence => sequence ??= SequenceOf(Graph);

    /// <summary>The backend's program as text, or null where the cache has dropped it and no run uses it.</summary>
    /// <exception cref="CompilationException">The backend failed.</exception>
    public string? Dump() => Computation.TryDump();

    internal static int[] SequenceOf(Graph graph)
    {
        var ids = new List<int>(graph.Nodes.Length);
        foreach (var node in graph.Nodes)
            if (!IsInput(node)) ids.Add(node.Form.Id);
        return [.. ids];
    }

    internal static bool IsInput(Node node) => node.Form == InputForms.Parameter || node.Form == InputForms.Scalar;

    private static Dictionary<string, int> Count(Graph graph)
    {
        var counts = new Dictionary<string, int>();
        foreach (var node in graph.Nodes)
            if (!IsInput(node)) counts[node.Form.Name] = counts.GetValueOrDefault(node.Form.Name) + 1;
        return counts;
    }
}
