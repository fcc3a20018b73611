using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Primitives that move elements without looking at them: each says where an element of the result comes from.</summary>
internal static class ShapeInterpreter
{
    public static HostTensor Run(PrimitiveKind kind, Node node, HostTensor[] operands) => kind switch
    {
        PrimitiveKind.Broadcast => Broadcast(node, operands[0]),
        PrimitiveKind.Reshape => new(node.Type, operands[0].Bytes),
        PrimitiveKind.Permute => Permute(node, operands[0]),
        PrimitiveKind.Slice => Slice(node, operands[0]),
        PrimitiveKind.Pad => Pad(node, operands[0], operands[1]),
        PrimitiveKind.Reverse => Reverse(node, operands[0]),
        _ => Concat(node, operands),
    };

    /// <summary>Fills a tensor by asking for the place in the source of each index.</summary>
    public static HostTensor Move(TensorType type, HostTensor source, Func<long[], long> place)
    {
        var result = new HostTensor(type);
        var at = new long[type.Shape.Rank];
        for (var i = 0; i < result.Count; i++, Indices.Next(at, type.Shape.Sizes)) result.CopyElement(i, source, place(at));
        return result;
    }

    private static HostTensor Broadcast(Node node, HostTensor x)
    {
        var dims = node.Ints(1);
        var from = x.Shape.RowMajorStrides();
        var strides = new long[node.Type.Shape.Rank];
        for (var i = 0; i < dims.Length; i++) strides[dims[i]] = x.Shape[i] == 1 ? 0 : from[i];
        return Move(node.Type, x, at => Indices.Offset(at, strides));
    }

    private static HostTensor Permute(Node node, HostTensor x)
    {
        var from = x.Shape.RowMajorStrides();
        var strides = node.Ints(0).ToArray().Select(axis => from[axis]).ToArray();
        return Move(node.Type, x, at => Indices.Offset(at, strides));
    }

    private static HostTensor Slice(Node node, HostTensor x)
    {
        var from = x.Shape.RowMajorStrides();
        var start = Indices.Offset(node.Ints(0), from);
        var steps = node.Ints(2).ToArray();
        var strides = from.Select((stride, i) => stride * steps[i]).ToArray();
        return Move(node.Type, x, at => start + Indices.Offset(at, strides));
    }

    private static HostTensor Reverse(Node node, HostTensor x)
    {
        var axes = node.Ints(0).ToArray();
        var strides = x.Shape.RowMajorStrides();
        long last = 0;
        foreach (var axis in axes)
        {
            last += (x.Shape[(int)axis] - 1) * strides[axis];
            strides[axis] = -strides[axis];
        }
        return Move(node.Type, x, at => last + Indices.Offset(at, strides));
    }

    private static HostTensor Pad(Node node, HostTensor x, HostTensor padding)
    {
        var result = Move(node.Type, padding, _ => 0);
        var sizes = node.Type.Shape;
        var strides = sizes.RowMajorStrides();
        var at = new long[x.Shape.Rank];
        var to = new long[at.Length];
        for (var i = 0; i < x.Count; i++, Indices.Next(at, x.Shape.Sizes))
        {
            var inside = true;
            for (var d = 0; d < at.Length; d++)
            {
                to[d] = node.Ints(0)[d] + (at[d] * (node.Ints(2)[d] + 1));
                inside &= to[d] >= 0 && to[d] < sizes[d];
            }
            if (inside) result.CopyElement(Indices.Offset(to, strides), x, i);
        }
        return result;
    }

    private static HostTensor Concat(Node node, HostTensor[] operands)
    {
        var result = new HostTensor(node.Type);
        var axis = (int)node.Int(0);
        var strides = node.Type.Shape.RowMajorStrides();
        long start = 0;
        foreach (var operand in operands)
        {
            var at = new long[operand.Shape.Rank];
            for (var i = 0; i < operand.Count; i++, Indices.Next(at, operand.Shape.Sizes))
                result.CopyElement((start * strides[axis]) + Indices.Offset(at, strides), operand, i);
            start += operand.Shape[axis];
        }
        return result;
    }
}
