using LazyHost.IR;

namespace LazyHost;

/// <summary>Finds out why a segment is compiled. Only asked on a miss; what it compares are the graphs that the cache keeps anyway.</summary>
internal static class CompileExplainer
{
    /// <summary>Programs of equal operators that are compared node by node: the first difference that comes latest is the nearest.</summary>
    private const int Compared = 16;

    public static CompileExplanation Explain(Device device, UInt128 key, Graph graph, ComputationCache cache)
    {
        var explanation = new CompileExplanation { Reason = CompileReason.FirstCompile, Device = device.Id, Key = key, Nodes = graph.Nodes.Length };
        if (cache.WasEvicted(key)) return explanation with { Reason = CompileReason.Evicted };
        var candidates = Nearest(CachedComputation.SequenceOf(graph), cache.List().Where(c => c.Device.Kind == device.Id.Kind));
        if (candidates.Count == 0) return explanation;
        var (nearest, found) = candidates.Select(c => (c, Difference: GraphDifference.Find(graph, c.Graph))).MaxBy(static c => c.Difference is { } d ? d.Node?.Index ?? int.MaxValue - 1 : int.MaxValue);
        if (found is not { } difference) return explanation with { Reason = CompileReason.Backend, Nearest = nearest.Key };
        return explanation with
        {
            Reason = difference.Reason,
            Nearest = nearest.Key,
            Node = difference.Node?.Index,
            Operator = difference.Node?.Form.Name,
            Site = difference.Node?.CallSite,
            What = difference.What,
            Now = difference.Now,
            Before = difference.Before,
        };
    }

    /// <summary>The programs whose operators begin and end with the most of these; of equals those used last.</summary>
    private static List<CachedComputation> Nearest(int[] operators, IEnumerable<CachedComputation> programs)
    {
        var (nearest, most) = (new List<CachedComputation>(), -1);
        foreach (var program in programs)
        {
            var other = program.Sequence;
            var same = operators.AsSpan().CommonPrefixLength(other);
            if (same < operators.Length || same < other.Length)
                for (var i = 1; i <= Math.Min(operators.Length, other.Length) - same && operators[^i] == other[^i]; i++) same++;
            // Those that have more beside are farther.
            same -= Math.Abs(operators.Length - other.Length) / 2;
            if (same < most || (same == most && nearest.Count == Compared)) continue;
            if (same > most) nearest.Clear();
            most = same;
            nearest.Add(program);
        }
        return nearest;
    }
}
