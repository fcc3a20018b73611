using LazyHost.IR;
using LazyHost.Lowering.Canonicalize;
using LazyHost.Lowering.Fuse;

namespace LazyHost.Lowering.Libraries;

/// <summary>Reads comparisons of indices as a causal mask.</summary>
internal static class AttentionDiagonal
{
    /// <summary>d where the condition keeps key j of query i for j &lt;= i + d and no other; null where it is no such condition.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="sizes">The sizes of the loops; queries and keys are the last two.</param>
    /// <param name="condition">What is true or false at each score.</param>
    /// <param name="map">Where it is asked for.</param>
    /// <param name="keeps">Whether scores are kept where it is true, or where it is false.</param>
    /// <param name="row">The loop over queries.</param>
    public static long? Find(Graph graph, long[] sizes, Node condition, IndexMap map, bool keeps, int row)
    {
        if (condition.Form is not Primitive { Kind: PrimitiveKind.Le or PrimitiveKind.Lt or PrimitiveKind.Ge or PrimitiveKind.Gt } primitive) return null;
        if (Index(graph, sizes, condition.Operands[0], map) is not { } a || Index(graph, sizes, condition.Operands[1], map) is not { } b) return null;
        // true where sum <= 0
        var sum = primitive.Kind switch
        {
            PrimitiveKind.Le => a.Plus(b.Times(-1)),
            PrimitiveKind.Lt => a.Plus(b.Times(-1)).Plus(1),
            PrimitiveKind.Ge => b.Plus(a.Times(-1)),
            _ => b.Plus(a.Times(-1)).Plus(1),
        };
        if (!keeps) sum = sum.Times(-1).Plus(1);
        for (var loop = 0; loop < sizes.Length; loop++)
            if (sizes[loop] > 1 && sum[loop] != (loop == row ? -1 : loop == row + 1 ? 1 : 0)) return null;
        return -sum.Offset;
    }

    // the value as a sum of loop indices
    private static Affine? Index(Graph graph, long[] sizes, Value value, IndexMap map)
    {
        while (graph.Nodes[value.Node] is { Form: Primitive primitive } node && graph.TypeOf(value).DType is DType.Int32 or DType.Int64)
        {
            switch (primitive.Kind)
            {
                case PrimitiveKind.Iota:
                    var axis = (int)node.Int(2);
                    return map.Index(map.Place, node.Type.Shape.RowMajorStrides()[axis], node.Type.Shape[axis], sizes);
                case PrimitiveKind.Constant: return Splat.Is(node, out var bits) && Math.Abs(bits) < int.MaxValue ? new(bits, []) : null;
                case PrimitiveKind.Add or PrimitiveKind.Sub:
                    return Index(graph, sizes, node.Operands[0], map) is { } a && Index(graph, sizes, node.Operands[1], map) is { } b
                        ? a.Plus(primitive.Kind == PrimitiveKind.Add ? b : b.Times(-1)) : null;
                case var kind when kind == PrimitiveKind.Reshape || Kinds.IsView(kind):
                    if (kind != PrimitiveKind.Reshape)
                    {
                        if (OperandMaps.Of(node, graph.TypeOf(node.Operands[0]).Shape, map, sizes) is not { } next) return null;
                        map = next;
                    }
                    value = node.Operands[0];
                    break;
                default: return null;
            }
        }
        return null;
    }
}
