using LazyHost.IR;

namespace LazyHost.Lowering.Libraries;

/// <summary>Rough counts of scalar operations of library calls.</summary>
internal static class CallCost
{
    public static long Of(Graph graph, Node node)
    {
        var kind = ((Primitive)node.Form).Kind;
        var result = node.Type.Shape.ElementCount;
        var operand = node.Operands.Length > 0 ? graph.TypeOf(node.Operands[0]).Shape : Shape.Scalar;
        switch (kind)
        {
            case PrimitiveKind.Convolution:
                var filter = graph.TypeOf(node.Operands[1]).Shape;
                return 2 * result * (filter.ElementCount / Math.Max(1, filter[0]));
            case PrimitiveKind.ReduceWindow: return result * Product(node.Ints(1));
            case PrimitiveKind.SelectAndScatter: return graph.TypeOf(node.Operands[1]).Shape.ElementCount * Product(node.Ints(0));
            case PrimitiveKind.Sort: return operand.ElementCount * (1 + (long)Math.Log2(Math.Max(1, operand[(int)node.Int(0)])));
            case PrimitiveKind.RandomBits: return 16 * result;
            default: return Math.Max(result, operand.ElementCount);
        }
    }

    /// <summary>Nobody knows what it does: about as much for each element as a function.</summary>
    public static long OfOperator(Graph graph, Node node)
    {
        long elements = 0;
        foreach (var operand in node.Operands) elements += graph.TypeOf(operand).Shape.ElementCount;
        foreach (var type in node.Types) elements += type.Shape.ElementCount;
        return 16 * elements;
    }

    private static long Product(ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (var size in sizes) product *= size;
        return product;
    }
}
