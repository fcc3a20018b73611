using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Lowering.Canonicalize;

/// <summary>
/// Folds element-wise primitives and shape changes of one-number constants. Only primitives whose result is exact or correctly rounded are folded: what a
/// backend approximates (exp, tanh, ...) stays, so that folding changes no bit.
/// </summary>
public static class ConstantFolding
{
    /// <summary>The graph with constants folded.</summary>
    public static Graph Run(Graph graph) => new Rewriter().Run(graph);

    private sealed class Rewriter : GraphRewriter
    {
        protected override Value? Rewrite(Node node, ReadOnlySpan<Value> operands)
        {
            var kind = ((Primitive)node.Form).Kind;
            if (kind == PrimitiveKind.Constant || operands.Length is 0 or > 3) return null;
            var bits = new long[operands.Length];
            for (var i = 0; i < bits.Length; i++)
                if (!Splat.Is(Definition(operands[i]), out bits[i])) return null;
            long? folded = kind switch
            {
                PrimitiveKind.Broadcast or PrimitiveKind.Reshape or PrimitiveKind.Permute or PrimitiveKind.Slice or PrimitiveKind.Reverse => bits[0],
                PrimitiveKind.Select => bits[0] != 0 ? bits[1] : bits[2],
                PrimitiveKind.Cast => ScalarCast.Convert(bits[0], TypeOf(operands[0]).DType, node.Type.DType),
                _ when Kinds.IsElementwise(kind) => ScalarMath.Evaluate(kind, TypeOf(operands[0]).DType, bits),
                _ => null,
            };
            return folded is { } value
                ? Builder.Emit(Primitives.Constant, [], Attributes.Of(node.Type.DType, node.Type.Shape, new[] { value }))
                : null;
        }
    }
}
