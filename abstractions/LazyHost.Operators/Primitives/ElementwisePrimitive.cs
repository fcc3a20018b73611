using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>An element-wise primitive: operands of one type give a result of that type, or bool for comparisons.</summary>
internal sealed class ElementwisePrimitive(PrimitiveKind kind, string name, int arity, IReadOnlyList<DType> dtypes, bool isComparison = false)
    : Primitive(kind, name, arity, arity)
{
    public override IReadOnlyList<DType> DTypes => dtypes;

    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var type = context.Operands[0];
        Rules.RequireDType(type.DType, dtypes);
        for (var i = 1; i < context.Operands.Length; i++) Rules.RequireSame(type, context.Operands[i]);
        outputs[0] = isComparison ? type.With(DType.Bool) : type;
    }
}
