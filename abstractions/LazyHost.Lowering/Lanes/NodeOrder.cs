
namespace LazyHost.Lowering.Lanes;

/// <summary>An order in which nodes can be computed: depth first from the sinks, so that values live shortly. No recursion: kernels may be deep.</summary>
public static class NodeOrder
{
    /// <summary>The nodes that <paramref name="roots"/> need, without those that are ready; counts uses into <paramref name="uses"/>, a root being one.</summary>
    public static List<int> Of(LaneGraph graph, IEnumerable<int> roots, Func<int, bool> isReady, Dictionary<int, int> uses)
    {
        var order = new List<int>();
        var state = new Dictionary<int, bool>();
        var stack = new Stack<int>();
        foreach (var root in roots.Distinct())
        {
            Use(root);
            stack.Push(root);
            while (stack.TryPop(out var id))
            {
                if (state.TryGetValue(id, out var isDone))
                {
                    if (isDone) continue;
                    state[id] = true;
                    order.Add(id);
                    continue;
                }
                if (isReady(id)) { state[id] = true; continue; }
                state[id] = false;
                stack.Push(id);
                var node = graph.Nodes[id];
                foreach (var operand in (ReadOnlySpan<int>)[node.C, node.B, node.A])
                {
                    if (operand < 0) continue;
                    Use(operand);
                    if (!state.ContainsKey(operand)) stack.Push(operand);
                }
            }
        }
        return order;

        void Use(int id) => uses[id] = uses.GetValueOrDefault(id) + 1;
    }

    /// <summary>The greatest number of values alive at once.</summary>
    public static int Pressure(LaneGraph graph, List<int> order, Dictionary<int, int> uses)
    {
        var left = new Dictionary<int, int>(uses);
        int live = 0, most = 0;
        foreach (var id in order)
        {
            if (graph.Nodes[id].Op == LaneOp.Constant) continue;
            most = Math.Max(most, ++live);
            var node = graph.Nodes[id];
            foreach (var operand in (ReadOnlySpan<int>)[node.A, node.B, node.C])
                if (operand >= 0 && --left[operand] == 0 && graph.Nodes[operand].Op != LaneOp.Constant) live--;
        }
        return most;
    }
}
