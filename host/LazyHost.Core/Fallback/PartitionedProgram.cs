using LazyHost.IR;

namespace LazyHost;

/// <summary>
/// The parts of a program in the order they run, and the buffers between them: first the run's inputs, then its outputs, then temporary ones. A value has at
/// most one buffer on each device, so that it is copied there once, whoever needs it.
/// </summary>
internal sealed class PartitionedProgram
{
    private readonly List<(TensorType Type, Device Device)> slots = [];
    private readonly Dictionary<(Value Value, Device Device), int> places = [];
    private readonly Dictionary<Value, Device> homes = [];

    public PartitionedProgram(Device own, Graph graph, IEnumerable<(GraphPart Part, Computation Computation)> parts)
    {
        InputCount = graph.Parameters.Count;
        foreach (var type in graph.Parameters) slots.Add((type, own));
        foreach (var node in graph.Nodes)
            if (node.Form == InputForms.Parameter) (places[(new(node.Index), own)], homes[new(node.Index)]) = ((int)node.Int(0), own);
        var roots = new Dictionary<Value, int>();
        foreach (var root in graph.Roots)
        {
            roots.Add(root, slots.Count);
            slots.Add((graph.TypeOf(root), own));
        }
        FirstTemporary = slots.Count;
        Parts = [.. parts.Select(p => Wire(own, graph, roots, p.Part, p.Computation))];
        MarkLastUses();
    }

    public ProgramPart[] Parts { get; }

    public int InputCount { get; }

    public int FirstTemporary { get; }

    /// <summary>The type and the device of every buffer.</summary>
    public IReadOnlyList<(TensorType Type, Device Device)> Slots => slots;

    private ProgramPart Wire(Device own, Graph graph, Dictionary<Value, int> roots, GraphPart cut, Computation computation)
    {
        var device = cut.Device;
        var copiesIn = new List<(int From, int To)>();
        var inputs = Array.ConvertAll(cut.Inputs, value =>
        {
            if (places.TryGetValue((value, device), out var slot)) return slot;
            copiesIn.Add((places[(value, homes[value])], slot = Temporary(graph, value, device)));
            return slot;
        });
        var copiesOut = new List<(int From, int To)>();
        var outputs = Array.ConvertAll(cut.Outputs, value =>
        {
            homes.TryAdd(value, device);
            if (!roots.TryGetValue(value, out var root)) return Temporary(graph, value, device);
            if (graph.Nodes[value.Node].Form != InputForms.Parameter) places[(value, own)] = root;
            if (device == own) return root;
            var slot = Temporary(graph, value, device);
            copiesOut.Add((slot, root));
            return slot;
        });
        return new(device, computation)
        {
            Inputs = inputs,
            Outputs = outputs,
            Scalars = cut.Scalars,
            CopiesIn = copiesIn,
            CopiesOut = copiesOut,
            Operators = [.. cut.Operators.GroupBy(node => node.Form.Name).Select(group => (group.Key, group.Count()))],
            Site = cut.Operators.FirstOrDefault()?.CallSite,
        };
    }

    private int Temporary(Graph graph, Value value, Device device)
    {
        slots.Add((graph.TypeOf(value), device));
        return places[(value, device)] = slots.Count - 1;
    }

    private void MarkLastUses()
    {
        var seen = new HashSet<int>();
        foreach (var part in Parts.Reverse())
            foreach (var slot in part.Inputs.Concat(part.Outputs).Concat(part.CopiesIn.Select(c => c.From)))
                if (slot >= FirstTemporary && seen.Add(slot)) part.LastUses.Add(slot);
    }
}
