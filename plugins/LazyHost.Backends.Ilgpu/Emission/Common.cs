using System.Reflection.Emit;
using LazyHost.IR;
using LazyHost.Lowering.Lanes;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Parts of kernels that all walks have.</summary>
internal static class Common
{
    /// <summary>Reads the numbers and computes what is the same for all points.</summary>
    public static void Begin(KernelWriter code)
    {
        code.Begin();
        var moves = PointEmitter.Varying(code.Source.Graph, node => node.Op is LaneOp.Load or LaneOp.LoopIndex or LaneOp.Reduced);
        PointEmitter.Prepare(code, [.. Roots(code), .. code.Source.Fills.Where(fill => fill >= 0)], moves);
    }

    /// <summary>By node, whether it differs between neighbours along the last loop.</summary>
    public static bool[] AlongLast(KernelWriter code) => PointEmitter.Varying(code.Source.Graph, node => node.Op switch
    {
        LaneOp.Load => code.Kernel.Accesses[node.Index].Strides[code.Last] != 0 || code.Kernel.Accesses[node.Index].Guards.Any(g => g.Loop == code.Last),
        LaneOp.LoopIndex => node.Index == code.Last,
        _ => false,
    });

    /// <summary>By node, whether it changes from one inner point of a row to the next.</summary>
    public static bool[] Inner(KernelWriter code) => PointEmitter.Varying(code.Source.Graph, node => node.Op switch
    {
        LaneOp.Load => Enumerable.Range(code.Kernel.OuterRank, code.Kernel.Sizes.Count - code.Kernel.OuterRank).Any(loop => code.Kernel.Accesses[node.Index].Strides[loop] != 0)
            || code.Kernel.Accesses[node.Index].Guards.Any(g => g.Loop >= code.Kernel.OuterRank),
        LaneOp.LoopIndex => node.Index >= code.Kernel.OuterRank,
        _ => false,
    });

    /// <summary>Stores at the current point, or at several neighbours.</summary>
    public static void Stores(KernelWriter code, IReadOnlyList<TranslatedStore> stores, int copies) =>
        new PointEmitter(code, AlongLast(code)).Emit([.. stores.Select(store => StoreOf(code, store, copies))], copies);

    public static Sink StoreOf(KernelWriter code, TranslatedStore store, int copies) => new(store.Node, push => Elements.Store(code, store.Access, copies, push));

    /// <summary>Combines the two values on the stack as a reduction does.</summary>
    public static void Fold(ILGenerator il, TranslatedReduction reduction)
    {
        switch (reduction.Kind)
        {
            case PrimitiveKind.ReduceSum: il.Emit(OpCodes.Add); break;
            case PrimitiveKind.ReduceProd: il.Emit(OpCodes.Mul); break;
            case PrimitiveKind.ReduceMax: Operations.Call(il, "Max", reduction.Type, 2); break;
            case PrimitiveKind.ReduceMin: Operations.Call(il, "Min", reduction.Type, 2); break;
            case PrimitiveKind.ReduceAnd: il.Emit(OpCodes.And); break;
            default: il.Emit(OpCodes.Or); break;
        }
    }

    private static IEnumerable<int> Roots(KernelWriter code) => code.Source.Stages.SelectMany(s =>
        s.Reductions.Select(r => r.Node).Concat(s.Stores.Select(t => t.Node)).Concat(s.RowStores.Select(t => t.Node)));
}
