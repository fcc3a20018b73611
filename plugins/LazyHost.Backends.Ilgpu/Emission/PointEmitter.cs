using System.Reflection.Emit;
using LazyHost.Lowering.Lanes;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Emits what some sinks need at a point, or at several neighbours, one operation for all of them before the next. Sinks come last: a store may overwrite what
/// a load reads.</summary>
/// <param name="code">The kernel.</param>
/// <param name="varies">By node, whether it differs between neighbours.</param>
internal sealed class PointEmitter(KernelWriter code, bool[] varies)
{
    private readonly ILGenerator il = code.Il;
    private readonly LaneGraph graph = code.Source.Graph;
    private readonly Dictionary<int, LocalBuilder[]> values = [];

    /// <summary>By node, whether it depends on a leaf of some kind.</summary>
    public static bool[] Varying(LaneGraph graph, Func<LaneNode, bool> isLeaf)
    {
        var flags = new bool[graph.Nodes.Count];
        for (var id = 0; id < flags.Length; id++)
        {
            var node = graph.Nodes[id];
            flags[id] = isLeaf(node) || (node.A >= 0 && flags[node.A]) || (node.B >= 0 && flags[node.B]) || (node.C >= 0 && flags[node.C]);
        }
        return flags;
    }

    /// <summary>Computes what roots need and does not vary into locals of its own, where that was not done before.</summary>
    public static void Prepare(KernelWriter code, IEnumerable<int> roots, bool[] varies)
    {
        var (graph, seen, stack, sinks) = (code.Source.Graph, new HashSet<int>(), new Stack<int>(roots), new List<Sink>());
        while (stack.TryPop(out var id))
        {
            if (!seen.Add(id) || code.Ready.ContainsKey(id) || graph.Nodes[id].Op == LaneOp.Constant) continue;
            var node = graph.Nodes[id];
            if (!varies[id]) sinks.Add(new(id, push =>
            {
                var local = code.Il.DeclareLocal(node.Type.ScalarElement());
                push(0);
                code.Il.Emit(OpCodes.Stloc, local);
                code.Ready.Add(id, local);
            }));
            else foreach (var operand in (ReadOnlySpan<int>)[node.A, node.B, node.C])
                if (operand >= 0) stack.Push(operand);
        }
        if (sinks.Count > 0) new PointEmitter(code, varies).Emit(sinks, 1);
    }

    public void Emit(IReadOnlyList<Sink> sinks, int copies)
    {
        var uses = new Dictionary<int, int>();
        foreach (var id in NodeOrder.Of(graph, sinks.Select(s => s.Node), IsReady, uses))
        {
            if (IsInline(id)) continue;
            var node = graph.Nodes[id];
            var own = new LocalBuilder[copies > 1 && varies[id] ? copies : 1];
            var type = IsScalar(id) ? typeof(long) : node.Type.ScalarElement();
            for (var copy = 0; copy < own.Length; copy++) own[copy] = code.Locals.Rent(type);
            if (node.Op == LaneOp.Load) Elements.Load(code, node, own, fill => Push(fill, 0));
            else for (var copy = 0; copy < own.Length; copy++)
            {
                Operation(node, copy);
                il.Emit(OpCodes.Stloc, own[copy]);
            }
            values[id] = own;
            foreach (var operand in (ReadOnlySpan<int>)[node.A, node.B, node.C])
                if (operand >= 0 && --uses[operand] == 0 && values.Remove(operand, out var freed)) foreach (var local in freed) code.Locals.Return(local);
        }
        foreach (var sink in sinks) sink.Consume(copy => Push(sink.Node, copy));
        foreach (var left in values.Values.SelectMany(locals => locals)) code.Locals.Return(left);
        values.Clear();
    }

    private void Operation(LaneNode node, int copy)
    {
        switch (node.Op)
        {
            case LaneOp.Scalar:
                code.PushScalarBits(node.Index);
                break;
            case LaneOp.LoopIndex:
                code.PushLoopIndex(node.Index, copy);
                il.Emit(node.Type == LaneType.I32 ? OpCodes.Conv_I4 : OpCodes.Conv_I8);
                break;
            case LaneOp.Reduced:
                il.Emit(OpCodes.Ldloc, code.Reduced[(node.Bits, node.Index)]);
                break;
            case LaneOp.Convert when node.Type == LaneType.F32 && graph.Nodes[node.A] is { Op: LaneOp.Scalar, Type: LaneType.F64 } && !IsReady(node.A):
                il.Emit(OpCodes.Ldloc, values[node.A][0]);
                if (code.Data.IsConstant(graph.Nodes[node.A].Index))
                {
                    il.Emit(OpCodes.Conv_U4);
                    Operations.Reinterpret(il, LaneType.U32, LaneType.F32);
                }
                else
                {
                    il.Emit(OpCodes.Call, typeof(Functions.Conversions).GetMethod(nameof(Functions.Conversions.NarrowBits))!);
                }
                break;
            default:
                Operations.Emit(il, graph, node, operand => Push(operand, copy));
                break;
        }
    }

    private void Push(int id, int copy)
    {
        var node = graph.Nodes[id];
        if (code.Ready.TryGetValue(id, out var ready)) il.Emit(OpCodes.Ldloc, ready);
        else if (node.Op == LaneOp.Constant) Operations.Constant(il, node.Type, node.Bits);
        else
        {
            var own = values[id];
            il.Emit(OpCodes.Ldloc, own[own.Length == 1 ? 0 : copy]);
            if (IsScalar(id) && node.Type == LaneType.F64) Operations.Reinterpret(il, LaneType.U64, LaneType.F64);
        }
    }

    /// <summary>Scalars are held as the 64 bits they came in.</summary>
    private bool IsScalar(int id) => graph.Nodes[id].Op == LaneOp.Scalar;

    private bool IsReady(int id) => code.Ready.ContainsKey(id);

    private bool IsInline(int id) => IsReady(id) || graph.Nodes[id].Op == LaneOp.Constant;
}
