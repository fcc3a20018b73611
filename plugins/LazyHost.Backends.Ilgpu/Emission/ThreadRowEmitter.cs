using System.Reflection.Emit;
using LazyHost.Lowering.Lanes;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Reductions of few inner points, or along loops that are not contiguous: each thread walks the inner points of its rows, one after the other.</summary>
internal static class ThreadRowEmitter
{
    public static void Emit(KernelWriter code)
    {
        var (il, kernel) = (code.Il, code.Kernel);
        Common.Begin(code);
        IlLoops.Grid(code, () => code.PushNumber(code.Data.OuterCount), position =>
        {
            var rest = il.DeclareLocal(code.Index);
            il.Emit(OpCodes.Ldloc, position);
            il.Emit(OpCodes.Stloc, rest);
            code.Split(rest, Enumerable.Range(0, kernel.OuterRank));
            code.SetBases(kernel.OuterRank);
            for (var s = 0; s < code.Source.Stages.Count; s++)
            {
                var stage = code.Source.Stages[s];
                // Rows without points read nothing, not even what is the same for all of them.
                if (!kernel.Sizes.Contains(0)) PointEmitter.Prepare(code, stage.Reductions.Select(r => r.Node).Concat(stage.Stores.Select(t => t.Node)), Common.Inner(code));
                var accumulators = new Accumulators(code, stage, code.Schedule.Copies);
                accumulators.Reset();
                Inner(code, kernel.OuterRank, accumulators);
                var results = accumulators.Finish();
                for (var r = 0; r < results.Length; r++) code.Reduced[(s, r)] = results[r];
                if (stage.RowStores.Length > 0) Common.Stores(code, stage.RowStores, 1);
            }
        });
    }

    private static void Inner(KernelWriter code, int loop, Accumulators accumulators)
    {
        var (il, copies, size) = (code.Il, code.Schedule.Copies, loop > code.Last ? 1 : code.Kernel.Sizes[loop]);
        if (size == 0) return;
        if (loop > code.Last)
        {
            accumulators.Emit(1);
            return;
        }
        if (size == 1)
        {
            Inner(code, loop + 1, accumulators);
            return;
        }
        var index = code.Indices[loop];
        code.PushIndex(0);
        il.Emit(OpCodes.Stloc, index);
        if (loop == code.Last && copies > 1)
        {
            var limit = il.DeclareLocal(code.Index);
            code.PushNumber(KernelNumbers.Size(loop));
            code.PushIndex(copies - 1);
            il.Emit(OpCodes.Sub);
            il.Emit(OpCodes.Stloc, limit);
            IlLoops.From(code, index, () => il.Emit(OpCodes.Ldloc, limit), () => code.PushIndex(copies), () => accumulators.Emit(copies));
        }
        IlLoops.From(code, index, () => code.PushNumber(KernelNumbers.Size(loop)), () => code.PushIndex(1), () => Inner(code, loop + 1, accumulators));
    }
}
