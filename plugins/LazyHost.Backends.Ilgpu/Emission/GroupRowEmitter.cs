using System.Reflection.Emit;
using ILGPU;
using LazyHost.Lowering.Lanes;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Reductions of many inner points: the threads of a group share those of a row, and fold their parts as a tree in shared memory. All stages of a row follow
/// one another; all threads of a group reach every barrier.</summary>
internal static class GroupRowEmitter
{
    private const int MostAtOnce = 4;

    public static void Emit(KernelWriter code)
    {
        var (il, kernel, copies) = (code.Il, code.Kernel, code.Schedule.Copies);
        Common.Begin(code);
        var shared = Allocate(code);
        var (thread, size, count) = (il.DeclareLocal(typeof(int)), il.DeclareLocal(typeof(int)), il.DeclareLocal(code.Index));
        il.Emit(OpCodes.Call, typeof(Group).GetProperty(nameof(Group.IdxX))!.GetMethod!);
        il.Emit(OpCodes.Stloc, thread);
        il.Emit(OpCodes.Call, typeof(Group).GetProperty(nameof(Group.DimX))!.GetMethod!);
        il.Emit(OpCodes.Stloc, size);
        code.PushNumber(code.Data.InnerCount);
        il.Emit(OpCodes.Ldc_I4, int.Log2(copies));
        il.Emit(OpCodes.Shr_Un);
        il.Emit(OpCodes.Stloc, count);
        IlLoops.Groups(code, () => code.PushNumber(code.Data.OuterCount), row =>
        {
            var rest = il.DeclareLocal(code.Index);
            il.Emit(OpCodes.Ldloc, row);
            il.Emit(OpCodes.Stloc, rest);
            code.Split(rest, Enumerable.Range(0, kernel.OuterRank));
            code.SetBases(kernel.OuterRank);
            for (var s = 0; s < code.Source.Stages.Count; s++)
            {
                var stage = code.Source.Stages[s];
                PointEmitter.Prepare(code, stage.Reductions.Select(r => r.Node).Concat(stage.Stores.Select(t => t.Node)), Common.Inner(code));
                var accumulators = new Accumulators(code, stage, copies);
                accumulators.Reset();
                Walk(accumulators);
                var results = accumulators.Finish();
                for (var first = 0; first < results.Length; first += MostAtOnce)
                {
                    var some = Enumerable.Range(first, Math.Min(MostAtOnce, results.Length - first)).ToArray();
                    Fold(code, [.. some.Select(r => (stage.Reductions[r], results[r], shared[(stage.Reductions[r].Type, r - first)]))], thread, size);
                }
                for (var r = 0; r < results.Length; r++) code.Reduced[(s, r)] = results[r];
                if (stage.RowStores.Length == 0) continue;
                var skip = il.DefineLabel();
                il.Emit(OpCodes.Ldloc, thread);
                il.Emit(OpCodes.Ldc_I4_0);
                il.Emit(OpCodes.Bgt, skip);
                Common.Stores(code, stage.RowStores, 1);
                il.MarkLabel(skip);
            }

            void Walk(Accumulators accumulators)
            {
                var position = il.DeclareLocal(code.Index);
                IlLoops.For(code, position, () => Push(thread), () => il.Emit(OpCodes.Ldloc, count), () => Push(size), () =>
                {
                    il.Emit(OpCodes.Ldloc, position);
                    il.Emit(OpCodes.Stloc, rest);
                    code.Split(rest, Enumerable.Range(kernel.OuterRank, kernel.Sizes.Count - kernel.OuterRank), copies);
                    accumulators.Emit(copies);
                });
            }
        });

        void Push(LocalBuilder number)
        {
            il.Emit(OpCodes.Ldloc, number);
            if (code.Schedule.IsWide) il.Emit(OpCodes.Conv_I8);
        }
    }

    /// <summary>Shared memory for as many reductions as are folded at once, by type.</summary>
    private static Dictionary<(LaneType Type, int Place), LocalBuilder> Allocate(KernelWriter code)
    {
        var shared = new Dictionary<(LaneType, int), LocalBuilder>();
        foreach (var stage in code.Source.Stages)
            for (var r = 0; r < stage.Reductions.Length; r++)
            {
                var (type, place) = (stage.Reductions[r].Type, r % MostAtOnce);
                if (!shared.ContainsKey((type, place))) shared.Add((type, place), SharedTiles.Allocate(code, type.Element(), KernelLaunch.GroupSize));
            }
        return shared;
    }

    private static void Fold(KernelWriter code, (TranslatedReduction Reduction, LocalBuilder Result, LocalBuilder Shared)[] parts, LocalBuilder thread, LocalBuilder size)
    {
        var il = code.Il;
        foreach (var (reduction, result, shared) in parts)
        {
            Place(reduction, shared, () => il.Emit(OpCodes.Ldloc, thread));
            il.Emit(OpCodes.Ldloc, result);
            Members.Store(il, reduction.Type.Element());
        }
        SharedTiles.Barrier(il);
        var half = il.DeclareLocal(typeof(int));
        var (head, exit) = (il.DefineLabel(), il.DefineLabel());
        il.Emit(OpCodes.Ldloc, size);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Shr);
        il.Emit(OpCodes.Stloc, half);
        il.MarkLabel(head);
        il.Emit(OpCodes.Ldloc, half);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ble, exit);
        var skip = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, thread);
        il.Emit(OpCodes.Ldloc, half);
        il.Emit(OpCodes.Bge, skip);
        foreach (var (reduction, _, shared) in parts)
        {
            Place(reduction, shared, () => il.Emit(OpCodes.Ldloc, thread));
            Place(reduction, shared, () => il.Emit(OpCodes.Ldloc, thread));
            Members.Load(il, reduction.Type.Element());
            Place(reduction, shared, () =>
            {
                il.Emit(OpCodes.Ldloc, thread);
                il.Emit(OpCodes.Ldloc, half);
                il.Emit(OpCodes.Add);
            });
            Members.Load(il, reduction.Type.Element());
            Common.Fold(il, reduction);
            Members.Store(il, reduction.Type.Element());
        }
        il.MarkLabel(skip);
        SharedTiles.Barrier(il);
        il.Emit(OpCodes.Ldloc, half);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Shr);
        il.Emit(OpCodes.Stloc, half);
        il.Emit(OpCodes.Br, head);
        il.MarkLabel(exit);
        foreach (var (reduction, result, shared) in parts)
        {
            Place(reduction, shared, () => il.Emit(OpCodes.Ldc_I4_0));
            Members.Load(il, reduction.Type.Element());
            il.Emit(OpCodes.Stloc, result);
        }
        SharedTiles.Barrier(il); // the memory is written again only when all have read it

        void Place(TranslatedReduction reduction, LocalBuilder shared, Action push)
        {
            il.Emit(OpCodes.Ldloca, shared);
            push();
            il.Emit(OpCodes.Call, Members.Item(reduction.Type.Element(), typeof(int)));
        }
    }
}
