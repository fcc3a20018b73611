using LazyHost.IR;

namespace LazyHost.Lowering.Fuse;

/// <summary>Facts about the values of a graph that fusion decides by. A value's number is its node's first number plus its output; a reshape is its operand.</summary>
internal sealed class ValueTable
{
    private readonly int[] first;
    private readonly int[] alias;
    private readonly Node[] definition;

    public ValueTable(Graph graph)
    {
        first = new int[graph.Nodes.Length + 1];
        for (var i = 0; i < graph.Nodes.Length; i++) first[i + 1] = first[i] + graph.Nodes[i].Types.Length;
        Count = first[^1];
        alias = new int[Count];
        definition = new Node[Count];
        Cost = new int[Count];
        RowSource = new int[Count];
        UsesRows = new bool[Count];
        Leaves = new (int, int)[Count];
        foreach (var node in graph.Nodes)
            for (var output = 0; output < node.Types.Length; output++)
            {
                var value = first[node.Index] + output;
                definition[value] = node;
                alias[value] = node.Form is Primitive { Kind: PrimitiveKind.Reshape } ? Of(node.Operands[0]) : value;
                Describe(node, value);
            }
    }

    public int Count { get; }

    /// <summary>Roughly the operations one element costs when everything it needs is recomputed, up to 1,000.</summary>
    public int[] Cost { get; }

    /// <summary>The reduction that a value with one element a row follows from, or -1.</summary>
    public int[] RowSource { get; }

    /// <summary>True when a reduction, broadcast over its rows again, goes into the value.</summary>
    public bool[] UsesRows { get; }

    /// <summary>The number of large values one must read to recompute it (0, 1, or 2 for more), and the one.</summary>
    public (int Count, int First)[] Leaves { get; }

    /// <summary>The number of a value, reshapes undone.</summary>
    public int Of(Value value) => alias[first[value.Node] + value.Output];

    /// <summary>The number of a node's own result, reshape or not.</summary>
    public int Raw(Value value) => first[value.Node] + value.Output;

    /// <summary>The value whose buffer has a value's elements: itself, or before a barrier.</summary>
    public int Stored(int value)
    {
        while (KindOf(value) == PrimitiveKind.Barrier) value = Of(definition[value].Operands[0]);
        return value;
    }

    public Node Definition(int value) => definition[value];

    public int Output(int value) => value - first[definition[value].Index];

    public TensorType TypeOf(int value) => definition[value].Types[Output(value)];

    public PrimitiveKind? KindOf(int value) => (definition[value].Form as Primitive)?.Kind;

    /// <summary>True for what needs no computing: buffers given, scalars, constants and index ramps.</summary>
    public bool IsLeaf(int value) => Kinds.IsInput(definition[value]) || KindOf(value) is PrimitiveKind.Constant or PrimitiveKind.Iota;

    /// <summary>True for the leaves that lie in memory from the start.</summary>
    public bool IsBuffer(int value) => definition[value].Form == InputForms.Parameter ||
        (KindOf(value) == PrimitiveKind.Constant && definition[value].Ints(2).Length != 1);

    /// <summary>True for what a kernel can compute: element-wise, views, edge padding and reductions.</summary>
    public bool IsKernel(int value)
    {
        if (KindOf(value) is not { } kind) return false;
        return Kinds.IsElementwise(kind) || Kinds.IsView(kind) || Kinds.IsReduction(kind) || Kinds.IsEdgePad(definition[value]);
    }

    private void Describe(Node node, int value)
    {
        RowSource[value] = -1;
        if (!IsKernel(value) || Kinds.IsReduction(KindOf(value)!.Value))
        {
            if (KindOf(value) is { } reduction && Kinds.IsReduction(reduction)) RowSource[value] = value;
            var read = !IsLeaf(value) || IsBuffer(value);
            Leaves[value] = read ? (1, value) : default;
            if (KindOf(value) != PrimitiveKind.Reshape) return;
            var source = Of(node.Operands[0]);
            (Cost[value], RowSource[value], Leaves[value], UsesRows[value]) = (Cost[source], RowSource[source], Leaves[source], UsesRows[source]);
            return;
        }
        var count = node.Type.Shape.ElementCount;
        var cost = KindOf(value) switch
        {
            { } kind when Kinds.IsTranscendental(kind) => 20,
            PrimitiveKind.Div or PrimitiveKind.Sqrt or PrimitiveKind.Rsqrt or PrimitiveKind.Rem => 4,
            _ => 1,
        };
        foreach (var operand in node.Operands)
        {
            var source = Of(operand);
            var same = TypeOf(source).Shape.ElementCount == count;
            cost += Cost[source];
            UsesRows[value] |= UsesRows[source] || (!same && RowSource[source] >= 0);
            if (same) RowSource[value] = Math.Max(RowSource[value], RowSource[source]);
            if (TypeOf(source).Shape.ElementCount > count / 2) Leaves[value] = JoinLeaves(Leaves[value], Leaves[source]);
        }
        // a broadcast is never the place to store: its operand is, if that is expensive
        if (KindOf(value) == PrimitiveKind.Broadcast && Leaves[value].Count == 0 && cost > FusionLimits.CheapCost) cost = 1;
        Cost[value] = Math.Min(1000, cost);
    }

    private static (int, int) JoinLeaves((int Count, int First) a, (int Count, int First) b) =>
        a.Count == 0 ? b : b.Count == 0 ? a : a.Count == 1 && b.Count == 1 && a.First == b.First ? a : (2, a.First);
}
