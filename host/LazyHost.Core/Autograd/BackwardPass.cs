using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost;

/// <summary>
/// Reverse-mode differentiation on the tape. Nodes are walked from the loss back in record order, segment by segment, so no recursion and no search; gradient
/// nodes go to the open segment, and only for values that need one. Forward values of closed segments are fetched when a formula asks for them.
/// </summary>
internal sealed class BackwardPass(Tape tape)
{
    private readonly TapeBuilder builder = new(tape);
    private readonly PriorityQueue<Segment, long> pending = new();
    private readonly Dictionary<Segment, Dictionary<Value, Value>> gradients = new(ReferenceEqualityComparer.Instance);
    private readonly List<(Parameter Leaf, Value Gradient)> leaves = [];

    public List<(Parameter Leaf, Value Gradient)> Run(Segment segment, Value loss, Value seed)
    {
        var scope = tape.Flow.Scope;
        try
        {
            Add(segment, loss, seed);
            while (pending.TryDequeue(out var next, out _)) Walk(next);
        }
        finally { tape.Flow.Scope = scope; }
        return leaves;
    }

    private void Add(Segment segment, Value value, Value gradient)
    {
        if (!gradients.TryGetValue(segment, out var map))
        {
            gradients.Add(segment, map = []);
            pending.Enqueue(segment, -segment.Sequence);
        }
        map[value] = map.TryGetValue(value, out var other) ? builder.Add(other, gradient) : gradient;
    }

    private void Walk(Segment segment)
    {
        if (segment != tape.Open)
            lock (segment)
            {
                // Whoever closes it holds it until it is closed.
            }
        if (segment.AnySize) tape.Current.Recording!.AnySize = true;
        var view = new SegmentView(segment);
        var map = gradients[segment];
        var last = 0;
        foreach (var value in map.Keys) last = Math.Max(last, value.Node);
        for (var i = last; i >= 0; i--)
        {
            var outputs = view.OutputCount(i);
            var any = false;
            for (var o = 0; o < outputs && !any; o++) any = map.ContainsKey(new(i, o));
            if (!any) continue;
            if (view.Leaf(i) is { } leaf) leaves.Add((leaf, map[new(i)]));
            else if (view.Form(i) == InputForms.Parameter) ToLeafOrEarlier(view, i, map[new(i)]);
            else if ((view.Flags(i) & NodeFlags.RequiresGrad) != 0)
            {
                // What belongs to a node's gradient is seen at its place and in its scope.
                builder.Site = view.Site(i);
                if (builder.Site?.Scope != tape.Flow.Scope?.Path) tape.Flow.Scope = builder.Site?.Scope is { } path ? IrScope.Of(path) : null;
                view.Form(i).Gradient(new NodeGradient(this, view, i, map));
            }
        }
    }

    private void ToLeafOrEarlier(SegmentView view, int node, Value gradient)
    {
        if (view.InputOrigin(node) is Computed computed) Add(computed.Segment, computed.Value, gradient);
        else if (view.InputOrigin(node) is Parameter leaf) leaves.Add((leaf, gradient));
    }

    /// <summary>What one node's formula sees.</summary>
    private sealed class NodeGradient(BackwardPass pass, SegmentView view, int node, Dictionary<Value, Value> gradients) : GradientContext
    {
        public override IrBuilder Builder => pass.builder;

        public override Attributes Attributes => view.Attributes(node);

        public override int OperandCount => view.Operands(node).Length;

        public override Value Operand(int index) => view.Fetch(view.Operands(node)[index], pass.Tape);

        public override TensorType OperandType(int index) => view.TypeOf(view.Operands(node)[index]);

        public override Value Result(int output = 0) => view.Fetch(new(node, output), pass.Tape);

        public override TensorType ResultType(int output = 0) => view.TypeOf(new(node, output));

        public override Value? OutputGradient(int output = 0) => gradients.TryGetValue(new(node, output), out var gradient) ? gradient : null;

        public override bool Needs(int operand) => (view.Flags(view.Operands(node)[operand].Node) & NodeFlags.RequiresGrad) != 0;

        public override void Set(int operand, Value gradient)
        {
            if (Needs(operand)) pass.Add(view.Segment, view.Operands(node)[operand], gradient);
        }
    }

    private Tape Tape => tape;
}
