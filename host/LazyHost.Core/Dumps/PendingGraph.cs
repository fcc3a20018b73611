using LazyHost.IR;

namespace LazyHost;

/// <summary>The graph of what tensors stand for, from values that exist to the tensors: a copy, made without closing or recording anything.</summary>
internal sealed class PendingGraph
{
    private readonly GraphBuilder builder = new();
    private readonly Dictionary<DeviceData, Value> values = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Segment, (Graph Graph, Value?[] Copies)> segments = new(ReferenceEqualityComparer.Instance);

    private PendingGraph() { }

    /// <exception cref="StepException">A tensor was recorded in a step that was discarded.</exception>
    public static Graph Of(IReadOnlyList<Tensor> tensors)
    {
        var pending = new PendingGraph();
        foreach (var tensor in tensors) pending.builder.AddRoot(pending.Place(tensor));
        return pending.builder.Build();
    }

    private Value Place(Tensor tensor)
    {
        // A view of what has been written since is made again when it is used.
        if (tensor is TensorView { Stale: { } view }) return builder.Emit(view.Form, [Place(view.Parent)], view.Attributes);
        var (data, segment, value) = tensor.Where();
        if (data is not null) return values.TryGetValue(data, out var known) ? known : values[data] = builder.Parameter(data.Type);
        return Copy(segment!, value);
    }

    private Value Copy(Segment segment, Value value)
    {
        if (!segments.TryGetValue(segment, out var copied))
        {
            var closed = GraphOf(segment);
            segments.Add(segment, copied = (closed, new Value?[closed.Nodes.Length]));
        }
        var (graph, copies) = copied;
        var needed = SegmentGraph.Needed(graph, value);
        foreach (var node in graph.Nodes)
        {
            if (!needed[node.Index] || copies[node.Index] is not null) continue;
            builder.CallSite = node.CallSite;
            copies[node.Index] = node.Form == InputForms.Parameter || node.Form == InputForms.Scalar ? builder.CopyInput(node)
                : builder.Emit(node.Form, [.. node.Operands.ToArray().Select(o => copies[o.Node]!.Value with { Output = o.Output })], node.Attributes);
        }
        builder.CallSite = null;
        return copies[value.Node]!.Value with { Output = value.Output };
    }

    private static Graph GraphOf(Segment segment)
    {
        while (true)
        {
            lock (segment.Tape)
                if (segment is { State: SegmentState.Open, Recording: { } open }) return SegmentGraph.Build(open, []);
            // Whoever closes it holds it until its graph is known; after a cancellation it may be open again.
            lock (segment)
            {
                if (segment.State == SegmentState.Discarded) throw new StepException("a tensor recorded in a step that was discarded cannot be dumped");
                if (segment.Graph is { } closed) return closed;
            }
        }
    }
}
