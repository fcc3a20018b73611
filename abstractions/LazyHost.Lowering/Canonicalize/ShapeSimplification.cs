using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Lowering.Canonicalize;

/// <summary>
/// Removes and joins shape primitives: identities, chains of one kind, and those that only add or remove dimensions of size 1 (they become reshapes). What
/// has no elements becomes a constant.
/// </summary>
public static class ShapeSimplification
{
    /// <summary>The graph with simpler shape primitives.</summary>
    public static Graph Run(Graph graph) => new Rewriter().Run(graph);

    private sealed class Rewriter : GraphRewriter
    {
        protected override Value? Rewrite(Node node, ReadOnlySpan<Value> operands) => ((Primitive)node.Form).Kind switch
        {
            not PrimitiveKind.Constant when node.Form.IsPure && node.Type.Shape.ElementCount == 0 => Number(node.Type, 0),
            PrimitiveKind.Reshape when KindOf(operands[0]) == PrimitiveKind.Reshape || TypeOf(operands[0]) == node.Type =>
                Reshape(operands[0], node.Type.Shape),
            PrimitiveKind.Broadcast => Broadcast(node, operands[0]),
            PrimitiveKind.Permute => Permute(node.Ints(0).ToArray(), operands[0]),
            PrimitiveKind.Slice when node.Type.Shape.Equals(TypeOf(operands[0]).Shape) => operands[0],
            PrimitiveKind.Reverse => Reverse(node, operands[0]),
            PrimitiveKind.Pad => Pad(node, operands),
            PrimitiveKind.Concat => Concat(node, operands),
            _ => null,
        };

        private Value Reshape(Value value, Shape to)
        {
            if (KindOf(value) == PrimitiveKind.Reshape) value = Definition(value).Operands[0];
            return TypeOf(value).Shape.Equals(to) ? value : Builder.Emit(Primitives.Reshape, [value], Attributes.Of(to));
        }

        private Value? Broadcast(Node node, Value value)
        {
            var (from, to) = (TypeOf(value).Shape, node.Type.Shape);
            if (from.ElementCount == to.ElementCount && to.ElementCount > 0) return Reshape(value, to);
            if (KindOf(value) != PrimitiveKind.Broadcast) return null;
            var inner = Definition(value);
            var dims = inner.Ints(1).ToArray();
            for (var i = 0; i < dims.Length; i++) dims[i] = node.Ints(1)[(int)dims[i]];
            return Builder.Emit(Primitives.Broadcast, [inner.Operands[0]], Attributes.Of(to, dims));
        }

        private Value? Permute(long[] order, Value value)
        {
            if (KindOf(value) == PrimitiveKind.Permute)
            {
                var inner = Definition(value);
                var joined = new long[order.Length];
                for (var i = 0; i < order.Length; i++) joined[i] = inner.Ints(0)[(int)order[i]];
                return Permute(joined, inner.Operands[0]) ?? Builder.Emit(Primitives.Permute, [inner.Operands[0]], Attributes.Of(joined));
            }
            var shape = TypeOf(value).Shape;
            long last = -1;
            foreach (var dim in order)
            {
                if (shape[(int)dim] == 1) continue;
                if (dim < last) return null;
                last = dim;
            }
            var sizes = new long[order.Length];
            for (var i = 0; i < sizes.Length; i++) sizes[i] = shape[(int)order[i]];
            return Reshape(value, Shape.Create(sizes));
        }

        private Value? Reverse(Node node, Value value)
        {
            var turned = false;
            foreach (var axis in node.Ints(0)) turned |= node.Type.Shape[(int)axis] > 1;
            if (!turned) return value;
            if (KindOf(value) != PrimitiveKind.Reverse) return null;
            var inner = Definition(value);
            return inner.Attributes.Equals(node.Attributes) ? inner.Operands[0] : null;
        }

        private Value? Pad(Node node, ReadOnlySpan<Value> operands)
        {
            var from = TypeOf(operands[0]).Shape;
            var (same, inside) = (true, from.ElementCount > 0);
            for (var i = 0; i < from.Rank; i++)
            {
                var (low, high, gap) = (node.Ints(0)[i], node.Ints(1)[i], node.Ints(2)[i]);
                same &= low == 0 && high == 0 && (gap == 0 || from[i] < 2);
                inside &= gap > 0 || (low + from[i] > 0 && low < node.Type.Shape[i]);
            }
            if (same) return operands[0];
            return inside ? null : Builder.Emit(Primitives.Broadcast, [operands[1]], Attributes.Of(node.Type.Shape, Array.Empty<long>()));
        }

        private Value? Concat(Node node, ReadOnlySpan<Value> operands)
        {
            var parts = new List<Value>();
            foreach (var operand in operands)
                if (TypeOf(operand).Shape.ElementCount > 0) parts.Add(operand);
            if (parts.Count == operands.Length) return operands.Length == 1 ? operands[0] : null;
            return parts.Count == 1 ? parts[0] : Builder.Emit(node.Form, parts.ToArray(), node.Attributes);
        }

        private Value Number(TensorType type, long bits) => Builder.Emit(Primitives.Constant, [], Attributes.Of(type.DType, type.Shape, new[] { bits }));
    }
}
