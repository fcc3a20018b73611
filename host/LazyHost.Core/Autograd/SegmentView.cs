using LazyHost.IR;

namespace LazyHost;

/// <summary>The nodes of a segment, open or closed, as differentiation reads them.</summary>
internal sealed class SegmentView(Segment segment)
{
    private readonly Dictionary<Value, Value> fetched = [];

    public Segment Segment { get; } = segment;

    private Recording? Open => Segment.Recording;

    public OperatorForm Form(int node) => Open is { } r ? r.Nodes[node].Form : Segment.Graph!.Nodes[node].Form;

    public int OutputCount(int node) => Form(node).OutputCount;

    public Attributes Attributes(int node) => Open is { } r ? r.Nodes[node].Attributes : Segment.Graph!.Nodes[node].Attributes;

    public Value[] Operands(int node) => Open is { } r ? r.OperandsOf(r.Nodes[node]).ToArray() : Segment.Graph!.Nodes[node].Operands.ToArray();

    public NodeFlags Flags(int node) => Open is { } r ? r.Nodes[node].Flags : Segment.Flags?[node] ?? NodeFlags.None;

    public CallSite? Site(int node) => Open is { } r ? r.SiteOf(node) : Segment.Graph!.Nodes[node].CallSite;

    public TensorType TypeOf(Value value) => Segment.TypeOf(value);

    /// <summary>Where the gradients of an input go: a <see cref="Parameter"/>, a <see cref="Computed"/>, or null.</summary>
    public object? InputOrigin(int node) => Open is { } r ? r.InputOrigins[r.Nodes[node].Slot] : Segment.InputOrigins?[(int)Segment.Graph!.Nodes[node].Int(0)];

    /// <summary>The parameter whose new value a node stands for, or null.</summary>
    public Parameter? Leaf(int node) => (Open is { } r ? r.Leaves : Segment.Leaves)?.GetValueOrDefault(node);

    /// <summary>The value in the open segment of a tape: itself, or what its closed segment computed, computed again where it was no root.</summary>
    public Value Fetch(Value value, Tape into)
    {
        if (into.Open == Segment) return value;
        if (fetched.TryGetValue(value, out var known)) return known;
        var form = Form(value.Node);
        if (form == InputForms.Scalar)
        {
            var node = Segment.Graph!.Nodes[value.Node];
            return fetched[value] = new(into.Current.Recording!.AddScalar(node.Type.DType, Segment.Scalars[node.Int(0)]));
        }
        var data = Segment.Device.Engine.Executor.ResolveValue(Segment, value, CancellationToken.None)!; // of a segment that was handed over, or set aside
        return fetched[value] = new(into.Current.Recording!.Input(data, null));
    }
}
