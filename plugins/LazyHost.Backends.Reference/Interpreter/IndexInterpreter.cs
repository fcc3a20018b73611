using System.Numerics;
using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Reading and writing at places that indices choose.</summary>
internal static class IndexInterpreter
{
    public static HostTensor Run(PrimitiveKind kind, Node node, HostTensor[] operands) => kind switch
    {
        PrimitiveKind.Gather or PrimitiveKind.GatherElements => Gather(kind, node, operands[0], operands[1]),
        _ when operands[0].DType.IsFloat() => Scatter(new FloatArithmetic(), kind, node, operands[0], operands[1], operands[2]),
        _ => Scatter(new IntegerArithmetic(operands[0].DType), kind, node, operands[0], operands[1], operands[2]),
    };

    private static HostTensor Gather(PrimitiveKind kind, Node node, HostTensor x, HostTensor indices)
    {
        var axis = (int)node.Int(0);
        var chosen = indices.Integers();
        var last = x.Shape[axis] - 1;
        return ShapeInterpreter.Move(node.Type, x, at =>
        {
            var (place, index) = Locate(kind, axis, x.Shape, indices.Shape, at);
            return Place(x.Shape, axis, place, (long)Int128.Clamp(chosen[index], 0, last));
        });
    }

    private static HostTensor Scatter<T>(Arithmetic<T> arithmetic, PrimitiveKind kind, Node node, HostTensor x, HostTensor indices, HostTensor updates) where T : struct, INumber<T>
    {
        var axis = (int)node.Int(0);
        var adds = node.Int(1) == 1;
        var values = arithmetic.Load(x);
        var sources = arithmetic.Load(updates);
        var chosen = indices.Integers();
        var at = new long[updates.Shape.Rank];
        for (var i = 0; i < sources.Length; i++, Indices.Next(at, updates.Shape.Sizes))
        {
            var (rest, index) = Locate(kind, axis, x.Shape, indices.Shape, at);
            if (chosen[index] < 0 || chosen[index] >= x.Shape[axis]) continue;
            ref var value = ref values[Place(x.Shape, axis, rest, (long)chosen[index])];
            value = adds ? arithmetic.Binary(PrimitiveKind.Add, value, sources[i]) : sources[i];
        }
        return arithmetic.Store(node.Type, values);
    }

    /// <summary>Splits an index of the gathered or scattered elements: the index into x (its axis still open), and the place of the number that chooses it.</summary>
    private static (long[] Open, long Index) Locate(PrimitiveKind kind, int axis, Shape x, Shape indices, long[] at)
    {
        var strides = indices.RowMajorStrides();
        if (kind is PrimitiveKind.GatherElements or PrimitiveKind.ScatterElements) return (at, Indices.Offset(at, strides));
        long[] rest = [.. at[..axis], 0, .. at[(axis + indices.Rank)..]];
        return (rest, Indices.Offset(at.AsSpan(axis, indices.Rank), strides));
    }

    private static long Place(Shape shape, int axis, long[] at, long index)
    {
        var strides = shape.RowMajorStrides();
        return Indices.Offset(at, strides) + ((index - at[axis]) * strides[axis]);
    }
}
