using LazyHost.Lowering.Lanes;
using System.Reflection.Emit;
using LazyHost.Backends.Simd.Lanes;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>
/// Emits the nodes that some sinks need, for several vectors at once: each operation for all of them before the next, because RyuJIT keeps the order and a core
/// looks only so far ahead. Locals are reused when their value has had its last use, which keeps RyuJIT's tables small.
/// </summary>
internal sealed class NodeEmitter(ILGenerator il, LaneGraph graph, VectorMethods methods, LocalPool locals)
{
    /// <summary>Pushes the value of a leaf for one of the vectors.</summary>
    public delegate void EmitLeaf(int node, int lanes, int copy);

    /// <summary>Where a value goes; <c>push</c> pushes it.</summary>
    public readonly record struct Sink(int Node, Action<int, Action> Consume);

    /// <summary>Values computed before, by node, in the form of this body's lanes.</summary>
    public Dictionary<int, LocalBuilder> Ready { get; init; } = [];

    public void Emit(IReadOnlyList<Sink> sinks, int lanes, int copies, EmitLeaf leaf)
    {
        var uses = new Dictionary<int, int>();
        var order = NodeOrder.Of(graph, sinks.Select(s => s.Node), Ready.ContainsKey, uses);
        var values = new Dictionary<int, LocalBuilder[]>();
        var waiting = sinks.GroupBy(s => s.Node).ToDictionary(g => g.Key, g => g.ToArray());
        foreach (var id in waiting.Keys)
            if (IsInline(id)) Deliver(id);
        foreach (var id in order)
        {
            var node = graph.Nodes[id];
            if (IsInline(id)) continue;
            var own = new LocalBuilder[copies];
            for (var copy = 0; copy < copies; copy++)
            {
                Operation(id, node, copy);
                own[copy] = locals.Rent(VectorMethods.TypeOf(node.Type, lanes));
                il.Emit(OpCodes.Stloc, own[copy]);
            }
            values[id] = own;
            Release(node.A);
            Release(node.B);
            Release(node.C);
            if (waiting.ContainsKey(id)) { Deliver(id); ReleaseUse(id); }
        }

        void Deliver(int id)
        {
            foreach (var sink in waiting[id])
                for (var copy = 0; copy < copies; copy++)
                {
                    var which = copy;
                    sink.Consume(copy, () => Push(id, which));
                }
        }

        void Push(int id, int copy)
        {
            if (Ready.TryGetValue(id, out var ready)) il.Emit(OpCodes.Ldloc, ready);
            else if (graph.Nodes[id].Op == LaneOp.Constant) Constants.Push(il, methods, graph.Nodes[id], lanes);
            else il.Emit(OpCodes.Ldloc, values[id][copy]);
        }

        void Operation(int id, LaneNode node, int copy)
        {
            switch (node.Op)
            {
                case LaneOp.Scalar or LaneOp.Load or LaneOp.LoopIndex or LaneOp.Reduced:
                    leaf(id, lanes, copy);
                    break;
                case LaneOp.Call:
                    if (node.A >= 0) Push(node.A, copy);
                    if (node.B >= 0) Push(node.B, copy);
                    if (node.C >= 0) Push(node.C, copy);
                    il.Emit(OpCodes.Call, methods.Find(typeof(IntegerFunctions), node.Function.ToString(), node.Type.Element(), node.Type.Element(), node.C >= 0 ? 3 : 2));
                    break;
                default:
                    Operations.Emit(il, methods, graph, node, lanes, operand => Push(operand, copy));
                    break;
            }
        }

        void Release(int id)
        {
            if (id >= 0) ReleaseUse(id);
        }

        void ReleaseUse(int id)
        {
            if (--uses[id] > 0 || !values.Remove(id, out var freed)) return;
            foreach (var local in freed) locals.Return(local);
        }
    }

    private bool IsInline(int id) => Ready.ContainsKey(id) || graph.Nodes[id].Op == LaneOp.Constant;
}
