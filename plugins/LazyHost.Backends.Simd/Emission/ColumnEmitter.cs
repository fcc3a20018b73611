using LazyHost.Lowering.Lanes;
using System.Reflection.Emit;
using LazyHost.Backends.Simd.Lanes;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>
/// Emits a kernel with inner loops whose neighbours in memory are outer points: vectors along the last outer loop, every lane a sum of its own in the order of the
/// inner loops. Begin and end count outer points.
/// </summary>
internal sealed class ColumnEmitter
{
    private readonly TranslatedKernel source;
    private readonly VectorMethods methods;
    private readonly KernelCode code;
    private readonly Dictionary<int, LocalBuilder> scalars = [], vectors = [];
    private readonly Dictionary<(long Stage, int Reduction), LocalBuilder[]> sums = [];
    private readonly int column, last;

    private ColumnEmitter(TranslatedKernel source, VectorMethods methods, int lanes)
    {
        (this.source, this.methods) = (source, methods);
        (column, last) = (source.Kernel.OuterRank - 1, source.Kernel.Sizes.Count - 1);
        code = new(source, methods, lanes, column);
    }

    private ILGenerator Il => code.Il;

    public static KernelBody Emit(TranslatedKernel source, VectorMethods methods, int lanes) => new ColumnEmitter(source, methods, lanes).Emit(lanes);

    private KernelBody Emit(int lanes)
    {
        var kernel = source.Kernel;
        var dependence = new Dependence(source, column, isColumn: true);
        code.Begin(0);
        var roots = source.Stages.SelectMany(s => s.Stores.Concat(s.RowStores).Select(t => t.Node).Concat(s.Reductions.Select(r => r.Node)));
        code.Prepare(dependence.Frontier(roots), scalars, vectors);
        var outer = code.Loops(0, kernel.OuterRank);
        var (left, count) = (Il.DeclareLocal(typeof(long)), Il.DeclareLocal(typeof(long)));
        Il.Emit(OpCodes.Ldarg_2);
        Il.Emit(OpCodes.Stloc, left);
        Il.Decompose(left, outer);
        Il.Emit(OpCodes.Ldarg_3);
        Il.Emit(OpCodes.Ldarg_2);
        Il.Emit(OpCodes.Sub);
        Il.Emit(OpCodes.Stloc, left);
        var copies = Unroll(lanes);
        Il.WhileAtLeast(left, 1, () =>
        {
            Il.Copy(count, left);
            code.PushSize(column);
            Il.Emit(OpCodes.Ldloc, code.Indices[column]);
            Il.Emit(OpCodes.Sub);
            Il.Lower(count);
            Il.Emit(OpCodes.Ldloc, left);
            Il.Emit(OpCodes.Ldloc, count);
            Il.Emit(OpCodes.Sub);
            Il.Emit(OpCodes.Stloc, left);
            if (copies > 1) Il.WhileAtLeast(count, (long)copies * lanes, () => Block(copies, lanes, count));
            if (lanes > 1) Il.WhileAtLeast(count, lanes, () => Block(1, lanes, count));
            Il.WhileAtLeast(count, 1, () => Block(1, 1, count));
            Il.Set(code.Indices[column], 0);
            if (column > 0) Il.Advance(outer[..column]);
        });
        return code.Finish();
    }

    private int Unroll(int lanes)
    {
        var pressure = 1;
        foreach (var stage in source.Stages)
        {
            var uses = new Dictionary<int, int>();
            var order = NodeOrder.Of(source.Graph, stage.Reductions.Select(r => r.Node).Concat(stage.Stores.Select(s => s.Node)), vectors.ContainsKey, uses);
            pressure = Math.Max(pressure, NodeOrder.Pressure(source.Graph, order, uses) + stage.Reductions.Length);
        }
        var copies = Math.Clamp((lanes >= 8 ? 26 : 14) / pressure, 1, 8);
        while (copies > 1 && copies * source.Graph.Nodes.Count > 1200) copies--;
        return copies;
    }

    private void Block(int copies, int lanes, LocalBuilder count)
    {
        code.Lanes = lanes;
        for (var s = 0; s < source.Stages.Count; s++)
        {
            var (stage, number) = (source.Stages[s], s);
            for (var r = 0; r < stage.Reductions.Length; r++)
            {
                var reduction = stage.Reductions[r];
                sums[(s, r)] = [.. Enumerable.Range(0, copies).Select(_ => Il.DeclareLocal(VectorMethods.TypeOf(reduction.Type, lanes)))];
                foreach (var sum in sums[(s, r)])
                {
                    Constants.Push(Il, methods, new(LaneOp.Constant, reduction.Type, Bits: reduction.Identity), lanes);
                    Il.Emit(OpCodes.Stloc, sum);
                }
            }
            if (stage.Reductions.Length + stage.Stores.Length > 0) Nest(code.Kernel.OuterRank, () => Point(stage, number, copies, lanes));
            for (var loop = code.Kernel.OuterRank; loop <= last; loop++) Il.Set(code.Indices[loop], 0);
            if (stage.RowStores.Length > 0) Evaluate([.. stage.RowStores.Select(store => Store(store, lanes))], copies, lanes);
        }
        Il.Increase(code.Indices[column], (long)copies * lanes);
        Il.Increase(count, -(long)copies * lanes);
    }

    private void Nest(int loop, Action body)
    {
        if (loop > last) body();
        else Il.For(code.Indices[loop], () => code.PushSize(loop), () => Nest(loop + 1, body));
    }

    private void Point(TranslatedStage stage, int number, int copies, int lanes)
    {
        var sinks = new List<NodeEmitter.Sink>();
        for (var r = 0; r < stage.Reductions.Length; r++)
        {
            var (reduction, own) = (stage.Reductions[r], sums[(number, r)]);
            sinks.Add(new(reduction.Node, (copy, push) =>
            {
                Il.Emit(OpCodes.Ldloc, own[copy]);
                push();
                Il.Emit(OpCodes.Call, methods.Find(Accumulators.Operation(reduction.Kind), reduction.Type, lanes, 2));
                Il.Emit(OpCodes.Stloc, own[copy]);
            }));
        }
        sinks.AddRange(stage.Stores.Select(store => Store(store, lanes)));
        Evaluate(sinks, copies, lanes);
    }

    private NodeEmitter.Sink Store(TranslatedStore store, int lanes) => new(store.Node, (copy, push) =>
        VectorMemory.Store(code, store.Access, source.Graph.Nodes[store.Node].Type, lanes, () => PushColumn(store.Access, copy, lanes), push));

    private void Evaluate(List<NodeEmitter.Sink> sinks, int copies, int lanes)
    {
        addresses.Clear();
        new NodeEmitter(Il, source.Graph, methods, code.Locals) { Ready = new(lanes == 1 ? scalars : vectors) }.Emit(sinks, lanes, copies, PushLeaf);
    }

    private readonly Dictionary<int, LocalBuilder> addresses = [];

    private void PushColumn(int access, int copy, int lanes)
    {
        if (!addresses.TryGetValue(access, out var address))
        {
            address = addresses[access] = Il.DeclareLocal(typeof(long));
            code.PushAddress(access);
            Il.Emit(OpCodes.Stloc, address);
        }
        Il.Emit(OpCodes.Ldloc, address);
        if (copy > 0 && code.Stride(access) != 0)
        {
            Il.Emit(OpCodes.Ldc_I8, (long)copy * lanes * code.Size(access));
            Il.Emit(OpCodes.Add);
        }
        Il.Emit(OpCodes.Conv_U);
    }

    private void PushLeaf(int id, int lanes, int copy)
    {
        var node = source.Graph.Nodes[id];
        switch (node.Op)
        {
            case LaneOp.Reduced:
                Il.Emit(OpCodes.Ldloc, sums[(node.Bits, node.Index)][copy]);
                return;
            case LaneOp.LoopIndex when node.Index == column:
                Il.Emit(OpCodes.Ldloc, code.Indices[column]);
                Il.Emit(OpCodes.Ldc_I8, (long)copy * lanes);
                Il.Emit(OpCodes.Add);
                if (node.Type == LaneType.I32) Il.Emit(OpCodes.Conv_I4);
                if (lanes == 1) return;
                if (node.Type == LaneType.I32) Il.Emit(OpCodes.Ldc_I4_1);
                else Il.Emit(OpCodes.Ldc_I8, 1L);
                Il.Emit(OpCodes.Call, VectorMethods.VectorClass(lanes * node.Type.Size() * 8).GetMethod("CreateSequence")!.MakeGenericMethod(node.Type.Element()));
                return;
            case LaneOp.Load when code.Stride(node.Index) != 0:
                PushColumn(node.Index, copy, lanes);
                VectorMemory.Load(code, node.Index, node.Type, lanes);
                return;
            default:
                code.PushScalarLeaf(id);
                Operations.Splat(Il, methods, node.Type, lanes);
                return;
        }
    }
}
