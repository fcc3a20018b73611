using LazyHost.IR;

namespace LazyHost.Operators;

internal sealed class ConstantPrimitive() : Primitive(PrimitiveKind.Constant, "constant", 0, 0,
    new("dtype", AttributeKind.DType), new("sizes", AttributeKind.Ints), new("elements", AttributeKind.Ints))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var type = new TensorType(context.DType(0), Shape.Create(context.Ints(1)));
        var count = context.Ints(2).Length;
        Rules.RequireAttribute(count == 1 || count == type.Shape.ElementCount, $"{count} elements given for {type}; give one for all, or one each");
        outputs[0] = type;
    }
}

internal sealed class IotaPrimitive() : Primitive(PrimitiveKind.Iota, "iota", 0, 0,
    new("dtype", AttributeKind.DType), new("sizes", AttributeKind.Ints), new("axis", AttributeKind.Int))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var type = new TensorType(context.DType(0), Shape.Create(context.Ints(1)));
        Rules.RequireDType(type.DType, Rules.Numbers);
        Rules.RequireAxes([context.Int(2)], type.Shape);
        outputs[0] = type;
    }
}

internal sealed class RandomBitsPrimitive() : Primitive(PrimitiveKind.RandomBits, "random_bits", 2, 2, new AttributeSpec("sizes", AttributeKind.Ints))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        foreach (var operand in context.Operands)
            if (operand.DType != DType.UInt64 || operand.Shape.Rank != 0)
                throw new DTypeMismatchException($"seed and ordinal must be scalars of type u64, but one is {operand}");
        outputs[0] = new(DType.UInt32, Shape.Create(context.Ints(0)));
    }
}

internal sealed class BarrierPrimitive() : Primitive(PrimitiveKind.Barrier, "barrier", 1, int.MaxValue)
{
    // Two barriers stay two, and one of no elements stays one.
    public override bool IsPure => false;

    public override void Infer(in InferenceContext context, Span<TensorType> outputs) => outputs[0] = context.Operands[0];
}

internal sealed class CustomCallPrimitive() : Primitive(PrimitiveKind.CustomCall, "custom_call", 0, 64,
    new("target", AttributeKind.Text), new("dtype", AttributeKind.DType), new("sizes", AttributeKind.Ints), new("payload", AttributeKind.Ints))
{
    public override bool IsPure => false;

    public override void Infer(in InferenceContext context, Span<TensorType> outputs) => outputs[0] = new(context.DType(1), Shape.Create(context.Ints(2)));
}

internal sealed class SelectPrimitive() : Primitive(PrimitiveKind.Select, "select", 3, 3)
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireSame(context.Operands[1].With(DType.Bool), context.Operands[0]);
        Rules.RequireSame(context.Operands[1], context.Operands[2]);
        outputs[0] = context.Operands[1];
    }
}

internal sealed class CastPrimitive(PrimitiveKind kind, string name) : Primitive(kind, name, 1, 1, new AttributeSpec("dtype", AttributeKind.DType))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var to = context.DType(0);
        if (Kind == PrimitiveKind.Bitcast && (to.Size() != context.Operands[0].DType.Size() || to == DType.Bool || context.Operands[0].DType == DType.Bool))
            throw new DTypeMismatchException($"the bits of {context.Operands[0].DType.Name()} are no {to.Name()}; sizes must be equal and neither may be bool");
        outputs[0] = context.Operands[0].With(to);
    }
}
