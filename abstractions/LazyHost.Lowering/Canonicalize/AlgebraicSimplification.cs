using LazyHost.IR;

namespace LazyHost.Lowering.Canonicalize;

/// <summary>
/// Removes operations that give back their operand, bit for bit: x * 1, x - 0, --x, a cast to the own type, double negation. What is not exact for every
/// IEEE value stays: x + 0 changes -0, x * 0 loses NaN. Integers wrap, so x + 0 and x * 0 are exact for them.
/// </summary>
public static class AlgebraicSimplification
{
    /// <summary>The graph without such operations.</summary>
    public static Graph Run(Graph graph) => new Rewriter().Run(graph);

    private sealed class Rewriter : GraphRewriter
    {
        protected override Value? Rewrite(Node node, ReadOnlySpan<Value> operands)
        {
            var kind = ((Primitive)node.Form).Kind;
            var type = node.Type.DType;
            switch (kind)
            {
                case PrimitiveKind.Mul when IsNumber(operands[1], 1): return operands[0];
                case PrimitiveKind.Mul when IsNumber(operands[0], 1): return operands[1];
                case PrimitiveKind.Mul when !type.IsFloat() && IsNumber(operands[1], 0): return operands[1];
                case PrimitiveKind.Mul when !type.IsFloat() && IsNumber(operands[0], 0): return operands[0];
                case PrimitiveKind.Div when IsNumber(operands[1], 1): return operands[0];
                case PrimitiveKind.Add when IsNumber(operands[1], type.IsFloat() ? -0.0 : 0): return operands[0];
                case PrimitiveKind.Add when IsNumber(operands[0], type.IsFloat() ? -0.0 : 0): return operands[1];
                case PrimitiveKind.Sub when IsNumber(operands[1], 0): return operands[0];
                case PrimitiveKind.Or or PrimitiveKind.Xor or PrimitiveKind.ShiftLeft or PrimitiveKind.ShiftRight
                    when IsNumber(operands[1], 0): return operands[0];
                case PrimitiveKind.Or or PrimitiveKind.Xor when IsNumber(operands[0], 0): return operands[1];
                case PrimitiveKind.Max or PrimitiveKind.Min or PrimitiveKind.And or PrimitiveKind.Or when operands[0] == operands[1]: return operands[0];
                case PrimitiveKind.Neg or PrimitiveKind.Not when KindOf(operands[0]) == kind: return Definition(operands[0]).Operands[0];
                case PrimitiveKind.Cast or PrimitiveKind.Bitcast when TypeOf(operands[0]).DType == type: return operands[0];
                case PrimitiveKind.Select when operands[1] == operands[2]: return operands[1];
                case PrimitiveKind.Select when Splat.Is(Definition(operands[0]), out var condition): return operands[condition != 0 ? 1 : 2];
                default: return null;
            }
        }

        private bool IsNumber(Value value, double number) =>
            Splat.Is(Definition(value), out var bits) && Splat.Equals(bits, TypeOf(value).DType, number);
    }
}
