using LazyHost.IR;
using LazyHost.Lowering.Canonicalize;
using LazyHost.Operators;

namespace LazyHost.Lowering.Libraries;

/// <summary>Permutes operands of dots whose dimensions are so mixed that, packed, they are no batch of matrices with a unit stride.</summary>
public static class DotLayout
{
    /// <summary>The graph in which each operand of a dot, packed, is a batch of matrices.</summary>
    public static Graph Run(Graph graph) => new Rewriter().Run(graph);

    private sealed class Rewriter : GraphRewriter
    {
        protected override Value? Rewrite(Node node, ReadOnlySpan<Value> operands)
        {
            if (((Primitive)node.Form).Kind != PrimitiveKind.DotGeneral) return null;
            var a = DotDimensions.Of(node, 0, TypeOf(operands[0]).Shape);
            var b = DotDimensions.Of(node, 1, TypeOf(operands[1]).Shape);
            if (a.Packed(0) is not null && b.Packed(0) is not null) return null;
            var (left, aDims) = Pack(operands[0], a);
            var (right, bDims) = Pack(operands[1], b);
            return Builder.Emit(Primitives.DotGeneral, [left, right], Attributes.Of(aDims.Batch, bDims.Batch, aDims.Contracted, bDims.Contracted));
        }

        private (Value, DotDimensions) Pack(Value value, DotDimensions dims)
        {
            if (dims.Packed(0) is not null) return (value, dims);
            long[] order = [.. dims.Batch, .. dims.Free, .. dims.Contracted];
            var packed = Builder.Emit(Primitives.Permute, [value], Attributes.Of(order));
            var (batch, free) = (dims.Batch.Length, dims.Free.Length);
            return (packed, new(Builder.ShapeOf(packed), Range(0, batch), Range(batch, free), Range(batch + free, dims.Contracted.Length)));
        }

        private static long[] Range(int start, int count) => [.. Enumerable.Range(start, count).Select(i => (long)i)];
    }
}
