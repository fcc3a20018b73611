using LazyHost.IR;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Lanes;

/// <summary>Turns the expressions of a kernel into lane operations.</summary>
public sealed class KernelTranslator
{
    private readonly Kernel kernel;
    private readonly LaneGraph graph = new();
    private readonly Lane?[] lanes;

    private KernelTranslator(Kernel kernel)
    {
        this.kernel = kernel;
        lanes = new Lane?[kernel.Expressions.Count];
    }

    /// <summary>The kernel's expressions as lanes.</summary>
    /// <exception cref="UnsupportedOperatorException">A primitive is not element-wise.</exception>
    public static TranslatedKernel Translate(Kernel kernel) => new KernelTranslator(kernel).Translate();

    private TranslatedKernel Translate()
    {
        // Operands come before their uses, so one pass in order needs no recursion, however deep the kernel.
        for (var i = 0; i < lanes.Length; i++) lanes[i] = Expression(kernel.Expressions[i]);
        var stages = kernel.Stages.Select(stage => new TranslatedStage(
            [.. stage.Reductions.Select(Reduction)], [.. stage.Stores.Select(Store)], [.. stage.RowStores.Select(Store)])).ToArray();
        var fills = kernel.Accesses.Select(a => a.Fill < 0 ? -1 : LaneCasts.ToStorage(lanes[a.Fill]!.Value, a.DType).Id).ToArray();
        return new(kernel, graph, stages, fills);
    }

    private TranslatedStore Store(KernelStore store) => new(store.Access, LaneCasts.ToStorage(lanes[store.Expression]!.Value, kernel.Accesses[store.Access].DType).Id);

    private TranslatedReduction Reduction(KernelReduction reduction)
    {
        var lane = lanes[reduction.Expression]!.Value;
        var type = kernel.Expressions[reduction.Expression].DType;
        if (type == DType.Bool) lane = LaneCasts.Cast(lane, DType.Bool, DType.Int32);
        return new(reduction.Kind, lane.Id, lane.Type, Identities.Of(reduction.Kind, type, lane.Type));
    }

    private Lane Expression(KernelExpression e)
    {
        switch (e.Kind)
        {
            case KernelExpressionKind.Load:
                var access = kernel.Accesses[e.Index];
                var stored = access.DType is DType.Bool or DType.Float16 or DType.BFloat16 ? LaneType.I32 : LaneTypes.Of(access.DType);
                return LaneCasts.FromStorage(graph.Add(new(LaneOp.Load, stored, Index: e.Index)), access.DType);
            case KernelExpressionKind.Scalar:
                return Scalar(e);
            case KernelExpressionKind.Constant:
                return e.DType == DType.Bool ? graph.Mask(e.Bits != 0)
                    : graph.Add(new(LaneOp.Constant, LaneTypes.Of(e.DType), Bits: LaneTypes.Of(e.DType) switch
                    {
                        LaneType.F32 => BitConverter.SingleToInt32Bits((float)BitConverter.Int64BitsToDouble(e.Bits)),
                        LaneType.I32 or LaneType.U32 => (int)e.Bits,
                        _ => e.Bits,
                    }));
            case KernelExpressionKind.LoopIndex:
                return graph.Add(new(LaneOp.LoopIndex, LaneType.I64, Index: e.Index));
            case KernelExpressionKind.Reduced:
                var source = kernel.Stages[(int)e.Bits].Reductions[e.Index].Expression;
                var type = kernel.Expressions[source].DType;
                var held = graph.Add(new(LaneOp.Reduced, type == DType.Bool ? LaneType.I32 : LaneTypes.Of(type), Bits: e.Bits, Index: e.Index));
                return type == DType.Bool ? ~held.Is(held.Like(0)) : LaneCasts.Wrap(held, type);
            default:
                return Apply(e);
        }
    }

    private Lane Scalar(KernelExpression e)
    {
        var type = LaneTypes.Of(e.DType);
        if (type.IsFloat()) return graph.Add(new(LaneOp.Scalar, LaneType.F64, Index: e.Index)).To(type);
        var bits = graph.Add(new(LaneOp.Scalar, LaneType.I64, Index: e.Index));
        return e.DType == DType.Bool ? ~bits.Is(bits.Like(0)) : LaneCasts.Cast(bits, DType.Int64, e.DType);
    }

    private Lane Apply(KernelExpression e)
    {
        var a = lanes[e.Operands[0]]!.Value;
        var from = kernel.Expressions[e.Operands[0]].DType;
        switch (e.Operands.Count)
        {
            case 3: return LanePrimitives.Select(a, lanes[e.Operands[1]]!.Value, lanes[e.Operands[2]]!.Value);
            case 2: return LanePrimitives.Binary(e.Primitive, a, lanes[e.Operands[1]]!.Value, from);
        }
        if (e.Primitive == PrimitiveKind.Bitcast) return LaneCasts.FromStorage(StorageBits(LaneCasts.ToStorage(a, from), e.DType), e.DType);
        // A loop index fits 32 bits wherever its loop does, and 32-bit lanes are twice as many.
        if (e.Primitive == PrimitiveKind.Cast && graph.Nodes[a.Id] is { Op: LaneOp.LoopIndex } index && kernel.Sizes[index.Index] < int.MaxValue && e.DType.ComputeType() is not (DType.Float64 or DType.Int64 or DType.UInt64))
            return LaneCasts.Cast(graph.Add(index with { Type = LaneType.I32 }), DType.Int32, e.DType);
        return e.Primitive == PrimitiveKind.Cast ? LaneCasts.Cast(a, from, e.DType) : LanePrimitives.Unary(e.Primitive, a, from);
    }

    private static Lane StorageBits(Lane x, DType to)
    {
        var stored = to is DType.Float16 or DType.BFloat16 ? LaneType.I32 : LaneTypes.Of(to);
        // Sign or zero bits above a narrow element follow the new type.
        return to is DType.Float16 or DType.BFloat16 ? LaneCasts.Wrap(x.As(stored), DType.UInt16) : LaneCasts.Wrap(x.As(stored), to);
    }
}
