using LazyHost.Lowering.Lanes;
using System.Reflection.Emit;
using LazyHost.Backends.Simd.Lanes;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Emits a kernel with inner loops: for each outer point its stages, vectors along the last inner loop. Begin and end count outer points.</summary>
internal static class RowEmitter
{
    public static KernelBody Emit(TranslatedKernel source, VectorMethods methods, int lanes)
    {
        var kernel = source.Kernel;
        var last = kernel.Sizes.Count - 1;
        var code = new KernelCode(source, methods, lanes, last);
        var il = code.Il;
        var dependence = new Dependence(source, last, isColumn: false);
        var runs = source.Stages.Select(stage => new RunEmitter(code, dependence, stage)).ToArray();
        code.Begin(source.Stages.Max(s => s.Reductions.Length) * FoldFunctions.Count * sizeof(long));
        var (scalars, vectors) = (new Dictionary<int, LocalBuilder>(), new Dictionary<int, LocalBuilder>());
        code.Prepare(runs.SelectMany(run => run.Frontier).Where(id => !dependence.Moves(id)), scalars, vectors);
        var outer = code.Loops(0, kernel.OuterRank);
        var (left, count) = (il.DeclareLocal(typeof(long)), il.DeclareLocal(typeof(long)));
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Stloc, left);
        il.Decompose(left, outer);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, left);
        il.WhileAtLeast(left, 1, () =>
        {
            for (var s = 0; s < runs.Length; s++) Stage(s);
            il.Advance(outer);
            il.Increase(left, -1);
        });
        return code.Finish();

        void Stage(int s)
        {
            var stage = source.Stages[s];
            var accumulators = stage.Reductions.Length > 0 ? new Accumulators(code, stage.Reductions) : null;
            accumulators?.Reset();
            if (stage.Reductions.Length + stage.Stores.Length > 0) Nest(kernel.OuterRank, s, accumulators);
            for (var r = 0; r < stage.Reductions.Length; r++) code.Reduced[(s, r)] = accumulators!.Fold(r);
            StoreRow(stage);
        }

        void Nest(int loop, int s, Accumulators? accumulators)
        {
            if (loop < last) { il.For(code.Indices[loop], () => code.PushSize(loop), () => Nest(loop + 1, s, accumulators)); return; }
            il.Set(code.Indices[last], 0);
            code.PushSize(last);
            il.Emit(OpCodes.Stloc, count);
            runs[s].Emit(count, accumulators, scalars, vectors);
        }

        void StoreRow(TranslatedStage stage)
        {
            if (stage.RowStores.Length == 0) return;
            // Row stores stand at inner index 0, where their accesses have stride 0 anyway.
            for (var loop = kernel.OuterRank; loop <= last; loop++) il.Set(code.Indices[loop], 0);
            new NodeEmitter(il, source.Graph, methods, code.Locals) { Ready = new(scalars) }.Emit(
                [.. stage.RowStores.Select(store => new NodeEmitter.Sink(store.Node, (_, push) =>
                    VectorMemory.Store(code, store.Access, source.Graph.Nodes[store.Node].Type, 1, () => { code.PushAddress(store.Access); il.Emit(OpCodes.Conv_U); }, push)))],
                1, 1, (id, _, _) => code.PushScalarLeaf(id));
        }
    }
}
