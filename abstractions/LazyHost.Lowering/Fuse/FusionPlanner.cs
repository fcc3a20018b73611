using System.Numerics;
using LazyHost.IR;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Fuse;

/// <summary>
/// Decides what each kernel computes. Nodes are visited from last to first, so that all uses of a value are known when it is placed: it is computed inside the
/// kernels that use it, or stored by the first of them, or by a kernel of its own. Steps get their order when they are made, last first; a value may only join a
/// step that runs before all its other readers, so the order can never become cyclic and no search is needed.
/// </summary>
internal sealed class FusionPlanner
{
    private readonly Graph graph;
    private readonly bool fusion;
    private readonly AttentionFinder? attentions;
    private readonly ValueTable values;
    private readonly List<FusionGroup.Entry>?[] demands;
    private readonly int[] reader;
    private readonly Dictionary<IndexMap, int> maps = [];
    private readonly List<PlannedStep> steps = [];

    private FusionPlanner(Graph graph, ValueTable values, bool fusion, Func<AttentionSizes, bool>? takesAttention)
    {
        (this.graph, this.values, this.fusion) = (graph, values, fusion);
        if (fusion && takesAttention is not null) attentions = new(graph, values, takesAttention);
        demands = new List<FusionGroup.Entry>?[values.Count];
        reader = new int[values.Count];
        NeedsBuffer = new bool[values.Count];
        OutputSlot = new int[values.Count];
        Array.Fill(OutputSlot, -1);
        Array.Fill(reader, -1);
    }

    private bool[] NeedsBuffer { get; }

    private int[] OutputSlot { get; }

    /// <summary>Plans a graph.</summary>
    public static FusionPlan Run(Graph graph, bool fusion, Func<AttentionSizes, bool>? takesAttention, CancellationToken cancellationToken)
    {
        var planner = new FusionPlanner(graph, new(graph), fusion, takesAttention);
        planner.PlaceRoots();
        for (var i = graph.Nodes.Length - 1; i >= 0; i--)
        {
            if ((i & 1023) == 0) cancellationToken.ThrowIfCancellationRequested();
            planner.PlaceNode(graph.Nodes[i]);
        }
        planner.steps.Reverse();
        return new(planner.values, planner.steps, planner.OutputSlot);
    }

    private void PlaceRoots()
    {
        var copies = new Stack<int>();
        for (var slot = 0; slot < graph.Roots.Length; slot++)
        {
            var value = values.Of(graph.Roots[slot]);
            var stored = values.Stored(value);
            if (values.IsLeaf(stored) || OutputSlot[stored] >= 0) copies.Push(slot);
            else (OutputSlot[stored], NeedsBuffer[stored], NeedsBuffer[value]) = (slot, true, true);
        }
        foreach (var slot in copies)
        {
            var group = NewGroup(graph.TypeOf(graph.Roots[slot]).Shape);
            StoreAll(group, values.Of(graph.Roots[slot]), values.Count + slot, Whole(group));
        }
    }

    private void PlaceNode(Node node)
    {
        var value = values.Raw(new(node.Index));
        if (node.Form is Primitive { Kind: PrimitiveKind.Reshape }) return;
        if (values.IsLeaf(value))
        {
            if (!NeedsBuffer[value] || values.IsBuffer(value)) return;
            var group = NewGroup(node.Type.Shape);
            StoreAll(group, value, value, Whole(group));
        }
        else if (node.Form is Primitive { Kind: PrimitiveKind.Concat }) PlaceConcat(node, value);
        else if (node.Form is Primitive { Kind: PrimitiveKind.Barrier }) PlaceBarrier(node, value);
        else if (node.Form is Primitive { Kind: PrimitiveKind.Permute } && (demands[value] is not null || NeedsBuffer[value]) && attentions?.Find(node) is { } turned) PlaceAttention(node, turned);
        else if (values.IsKernel(value)) PlaceKernelValue(node, value);
        else PlaceCall(node, value);
    }

    private void PlaceKernelValue(Node node, int value)
    {
        var uses = demands[value] ?? [];
        demands[value] = null;
        if (uses.Count == 0 && !NeedsBuffer[value]) return;
        if (fusion && uses.Count > 0)
        {
            if (!NeedsBuffer[value] && IsWorthInlining(value, uses) && TryInline(uses)) return;
            var first = uses[0];
            foreach (var use in uses) if (use.Group.Sequence > first.Group.Sequence) first = use;
            if (reader[value] <= first.Group.Sequence && TryStoreIn(first, uses)) return;
        }
        var group = NewGroup(Rows(node, out var from));
        var map = Whole(group);
        if (from is not null) foreach (var size in RowFusion.NewLoops(node, from)) group.AddLoop(size, inner: true);
        var entry = StoreAll(group, value, value, map);
        Compute(entry, Operands(entry) ?? throw new CompilationException($"{node} cannot be a kernel of its own"));
    }

    private Shape Rows(Node node, out Shape? reducedFrom)
    {
        reducedFrom = Kinds.IsReduction(((Primitive)node.Form).Kind) ? graph.TypeOf(node.Operands[0]).Shape : null;
        return node.Type.Shape;
    }

    private void PlaceConcat(Node node, int value)
    {
        if (demands[value] is null && !NeedsBuffer[value]) return;
        var axis = (int)node.Int(0);
        var strides = node.Type.Shape.RowMajorStrides();
        var start = node.Type.Shape[axis];
        for (var i = node.Operands.Length - 1; i >= 0; i--)
        {
            var shape = graph.TypeOf(node.Operands[i]).Shape;
            start -= shape[axis];
            if (shape.ElementCount == 0) continue;
            var group = NewGroup(shape);
            var coefficients = new long[group.Sizes.Count];
            for (int dim = 0, loop = 0; dim < shape.Rank; dim++) if (shape[dim] != 1) coefficients[loop++] = strides[dim];
            var entry = Demand(group, values.Of(node.Operands[i]), new(Affine.RowMajor(group.Loops(_ => true), group.Sizes), []), 0);
            entry.Sinks |= group.AddSink(new(entry, value, new(start * strides[axis], coefficients)));
        }
    }

    // no step: what comes after reads the operand's buffer, and all operands are stored by steps that run before
    private void PlaceBarrier(Node node, int value)
    {
        if (demands[value] is null && !NeedsBuffer[value]) return;
        var before = reader[value] + 1;
        foreach (var use in demands[value] ?? []) before = Math.Max(before, use.Group.Sequence + 1);
        foreach (var operand in node.Operands)
        {
            var needed = values.Of(operand);
            NeedsBuffer[needed] = true;
            reader[needed] = Math.Max(reader[needed], before);
        }
    }

    private void PlaceCall(Node node, int value)
    {
        var used = false;
        for (var i = 0; i < node.Types.Length; i++) used |= demands[value + i] is not null || NeedsBuffer[value + i];
        if (!used) return;
        if (attentions?.Find(node) is { } attention)
        {
            PlaceAttention(node, attention);
            return;
        }
        var call = new PlannedCall(steps.Count, node)
        {
            Matrices = node.Form is Primitive { Kind: PrimitiveKind.DotGeneral } ? MatrixFolding.Run(values, graph, node, fusion) : [],
        };
        steps.Add(call);
        if (call.Matrices.Count > 0) foreach (var matrix in call.Matrices) Require(matrix.Value, call);
        else foreach (var operand in node.Operands) Require(values.Of(operand), call);
    }

    private void PlaceAttention(Node node, AttentionStep attention)
    {
        var call = new PlannedCall(steps.Count, node) { Attention = attention };
        steps.Add(call);
        foreach (var (operand, _, _) in attention.Reads) Require(operand.Buffer, call);
    }

    private void Require(int value, PlannedCall call)
    {
        NeedsBuffer[value] = true;
        reader[value] = Math.Max(reader[value], call.Sequence);
    }

    // the value is computed where it is used, and nowhere stored
    private bool TryInline(List<FusionGroup.Entry> uses)
    {
        var operands = new IndexMap[uses.Count][];
        for (var i = 0; i < uses.Count; i++)
            if (Operands(uses[i]) is { } found) operands[i] = found;
            else return false;
        for (var i = 0; i < uses.Count; i++) Compute(uses[i], operands[i]);
        return true;
    }

    // the value is computed in the kernel that uses it first and stored from there for the others
    private bool TryStoreIn(FusionGroup.Entry first, List<FusionGroup.Entry> uses)
    {
        var (group, type) = (first.Group, values.TypeOf(first.Value));
        if (group.Sinks.Count >= FusionLimits.Sinks) return false;
        foreach (var use in uses) if (use != first && use.Group == group) return false;
        var whole = group.Covers(first.Index, type.Shape.ElementCount, _ => true);
        var isRow = !whole && group.HasInner && group.Covers(first.Index, type.Shape.ElementCount, loop => !group.Inner[loop]);
        var rows = whole || isRow || Kinds.IsReduction(values.KindOf(first.Value)!.Value) ? null : FutureRows(first);
        if (!whole && !isRow && rows is null && !Kinds.IsReduction(values.KindOf(first.Value)!.Value)) return false;
        if (Operands(first) is not { } operands) return false;
        if (rows is not null) RowFusion.Apply(group, rows);
        first.Sinks |= group.AddSink(new(first, first.Value, first.Index.Place));
        Compute(first, operands);
        return true;
    }

    private bool IsWorthInlining(int value, List<FusionGroup.Entry> uses)
    {
        var count = values.TypeOf(value).Shape.ElementCount;
        var isReduction = Kinds.IsReduction(values.KindOf(value)!.Value);
        if (uses.Count > 1 && (isReduction || values.Cost[value] > FusionLimits.CheapCost || values.Leaves[value].Count > 1)) return false;
        if (uses.Count > 1 && values.Leaves[value].Count > 0 && uses.Count * values.Cost[value] > FusionLimits.RepeatedCost) return false;
        foreach (var use in uses)
        {
            var group = use.Group;
            var isRow = group.HasInner && group.Loops(loop => group.Inner[loop] && use.Index.Place[loop] != 0).Count == 0;
            if (isRow) continue;
            if (values.Cost[value] > FusionLimits.CheapCost && group.PointCount / 2 >= count && FutureRows(use) is null) return false;
            if (group.HasInner && BitOperations.PopCount(use.Sinks) > 1 && values.Cost[value] > FusionLimits.StageCost && !values.UsesRows[value]) return false;
        }
        return true;
    }

    // the rows the kernel will have once the reduction this row value follows from is a stage of it, which makes the value cheap; else null
    private RowFusion.Rows? FutureRows(FusionGroup.Entry use)
    {
        if (values.RowSource[use.Value] is not (>= 0 and var source)) return null;
        var reduction = values.Definition(source);
        return RowFusion.Find(use.Group, use.Index, reduction, graph.TypeOf(reduction.Operands[0]).Shape, use.Sinks);
    }

    // the maps of the operands if the entry's kernel computes it; a reduction gives the kernel its inner loops
    private IndexMap[]? Operands(FusionGroup.Entry entry)
    {
        var (group, node) = (entry.Group, values.Definition(entry.Value));
        var kind = ((Primitive)node.Form).Kind;
        if (group.Computed >= FusionLimits.Computed) return null;
        if (group.Computed > 0 && group.Open - 1 + node.Operands.Length > FusionLimits.Loads && node.Operands.Length > 1) return null;
        if (Kinds.IsElementwise(kind))
        {
            var same = new IndexMap[node.Operands.Length];
            Array.Fill(same, entry.Index);
            return same;
        }
        var from = graph.TypeOf(node.Operands[0]).Shape;
        if (Kinds.IsReduction(kind)) return Reduce(entry, node, from);
        if (OperandMaps.Of(node, from, entry.Index, group.Sizes) is not { } map) return null;
        return kind == PrimitiveKind.Pad ? [map, new(Affine.Zero, [])] : [map];
    }

    private static IndexMap[]? Reduce(FusionGroup.Entry entry, Node node, Shape from)
    {
        var group = entry.Group;
        var isOwn = group.Computed == 0 && group.HasInner;
        if ((isOwn ? new(group.Loops(loop => group.Inner[loop]), []) : RowFusion.Find(group, entry.Index, node, from, entry.Sinks)) is not { } rows)
            return null;
        List<long> sizes = [.. group.Sizes, .. rows.Added];
        IReadOnlyList<int> inner = rows.Added.Count > 0 ? [.. Enumerable.Range(group.Sizes.Count, rows.Added.Count)] : rows.Existing;
        if (RowFusion.OperandMap(node, from, entry.Index, Affine.RowMajor(inner, sizes), sizes) is not { } map) return null;
        RowFusion.Apply(group, rows);
        return [map];
    }

    private void Compute(FusionGroup.Entry entry, IndexMap[] operandMaps)
    {
        var (group, node) = (entry.Group, values.Definition(entry.Value));
        group.Computed++;
        group.Open--;
        var sinks = entry.Sinks;
        if (Kinds.IsReduction(((Primitive)node.Form).Kind)) sinks = group.AddSink(new(entry, -1, Affine.Zero));
        entry.Operands = new FusionGroup.Entry[operandMaps.Length];
        for (var i = 0; i < operandMaps.Length; i++) entry.Operands[i] = Demand(group, values.Of(node.Operands[i]), operandMaps[i], sinks);
    }

    private FusionGroup.Entry Demand(FusionGroup group, int value, IndexMap map, ulong sinks)
    {
        if (!maps.TryGetValue(map, out var number)) maps.Add(map, number = maps.Count);
        var entry = group.Demand(value, number, map, out var isNew);
        entry.Sinks |= sinks;
        if (!isNew) return entry;
        if (!values.IsLeaf(value))
        {
            (demands[value] ??= []).Add(entry);
            group.Open++;
        }
        else if (values.IsBuffer(value)) group.Open++;
        else if (IndexRamp.Find(values, value, map, group.Sizes) is null) NeedsBuffer[value] = true;
        return entry;
    }

    private FusionGroup NewGroup(Shape shape)
    {
        var group = new FusionGroup(steps.Count);
        foreach (var size in shape) if (size != 1) group.AddLoop(size, inner: false);
        steps.Add(group);
        return group;
    }

    private static IndexMap Whole(FusionGroup group) => new(Affine.RowMajor(group.Loops(_ => true), group.Sizes), []);

    private FusionGroup.Entry StoreAll(FusionGroup group, int value, int target, IndexMap map)
    {
        var entry = Demand(group, value, map, 0);
        entry.Sinks |= group.AddSink(new(entry, target, map.Place));
        if (target == value) demands[value] = null;
        return entry;
    }
}
