using LazyHost.IR;

namespace LazyHost;

/// <summary>
/// Cuts a graph into parts by the device that runs each operator. Time is divided into stages, which the devices take in turns; an operator goes to the earliest
/// stage of its device that is not before those of its operands. So no two parts need each other, and with two devices no fewer parts are possible.
/// </summary>
internal static class GraphPartitioner
{
    /// <summary>The parts, each after those it needs.</summary>
    /// <param name="graph">A graph without dead nodes.</param>
    /// <param name="devices">The device of every operator; those of parameters and scalars count only where they are roots.</param>
    public static List<GraphPart> Partition(Graph graph, Device[] devices)
    {
        var placed = new bool[graph.Nodes.Length];
        foreach (var node in graph.Nodes) placed[node.Index] = !IsInput(node);
        foreach (var root in graph.Roots) placed[root.Node] = true;
        // A loop is a part of its own, whatever else its device runs.
        object[] owners = [.. devices.Select((device, i) => graph.Nodes[i].Form is LoopForm ? graph.Nodes[i] : (object)device)];
        var turns = owners.Where((_, i) => placed[i]).Distinct().ToArray();
        var best = Enumerable.Range(0, turns.Length).Select(first => Stages(graph, owners, placed, turns, first)).MinBy(stages => stages.Where(s => s >= 0).Distinct().Count())!;
        return Cut(graph, devices, best);
    }

    private static bool IsInput(Node node) => node.Form == InputForms.Parameter || node.Form == InputForms.Scalar;

    private static int[] Stages(Graph graph, object[] owners, bool[] placed, object[] turns, int first)
    {
        var stages = new int[graph.Nodes.Length];
        foreach (var node in graph.Nodes)
        {
            ref var stage = ref stages[node.Index];
            stage = -1;
            if (!placed[node.Index]) continue;
            foreach (var operand in node.Operands)
                if (!IsInput(graph.Nodes[operand.Node])) stage = Math.Max(stage, stages[operand.Node]);
            stage = Math.Max(stage, 0);
            while (turns[(first + stage) % turns.Length] != owners[node.Index]) stage++;
        }
        return stages;
    }

    private static List<GraphPart> Cut(Graph graph, Device[] devices, int[] stages)
    {
        var leaving = new HashSet<Value>(graph.Roots.ToArray());
        foreach (var node in graph.Nodes)
            foreach (var operand in node.Operands)
                if (!IsInput(graph.Nodes[operand.Node]) && stages[operand.Node] != stages[node.Index]) leaving.Add(operand);
        var parts = new SortedDictionary<int, PartBuilder>();
        foreach (var node in graph.Nodes)
        {
            var stage = stages[node.Index];
            if (stage < 0) continue;
            if (!parts.TryGetValue(stage, out var part)) parts.Add(stage, part = new(graph, devices[node.Index]));
            part.Add(node);
            for (var output = 0; output < node.Types.Length; output++)
                if (leaving.Contains(new(node.Index, output))) part.AddRoot(new(node.Index, output));
        }
        return [.. parts.Values.Select(part => part.Build())];
    }

    private sealed class PartBuilder(Graph whole, Device device)
    {
        private readonly GraphBuilder builder = new();
        private readonly Dictionary<Value, Value> values = [];
        private readonly List<Value> inputs = [], outputs = [];
        private readonly List<int> scalars = [];

        public void Add(Node node)
        {
            builder.CallSite = node.CallSite;
            if (IsInput(node))
            {
                Find(new(node.Index));
                return;
            }
            var operands = new Value[node.Operands.Length];
            for (var i = 0; i < operands.Length; i++) operands[i] = Find(node.Operands[i]);
            var copy = builder.Emit(node.Form, operands, node.Attributes, node.Types);
            for (var i = 0; i < node.Types.Length; i++) values.Add(new(node.Index, i), copy with { Output = i });
        }

        public void AddRoot(Value value)
        {
            builder.AddRoot(values[value]);
            outputs.Add(value);
        }

        public GraphPart Build() => new(device, builder.Build(), [.. inputs], [.. outputs], [.. scalars]);

        private Value Find(Value value)
        {
            if (values.TryGetValue(value, out var found)) return found;
            var node = whole.Nodes[value.Node];
            if (node.Form == InputForms.Scalar)
            {
                scalars.Add((int)node.Int(0));
                found = builder.Scalar(node.Type.DType);
            }
            else
            {
                inputs.Add(value);
                found = builder.Parameter(whole.TypeOf(value));
            }
            values.Add(value, found);
            return found;
        }
    }
}
