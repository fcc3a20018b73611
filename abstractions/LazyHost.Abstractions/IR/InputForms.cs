namespace LazyHost.IR;

/// <summary>The two forms by which a program is given its inputs.</summary>
public static class InputForms
{
    /// <summary>A device buffer: attributes slot, dtype, sizes.</summary>
    public static OperatorForm Parameter { get; } = new ParameterForm();

    /// <summary>A number from the scalar block: attributes slot, dtype. The block holds 64 bits a slot: the bits of a double for floating-point types
    /// (already rounded to the type), else a sign- or zero-extended integer.</summary>
    public static OperatorForm Scalar { get; } = new ScalarForm();

    private sealed class ParameterForm() : OperatorForm("parameter", new("slot", AttributeKind.Int), new("dtype", AttributeKind.DType), new("sizes", AttributeKind.Ints))
    {
        public override (int Least, int Most) OperandCount => (0, 0);

        public override void Infer(in InferenceContext context, Span<TensorType> outputs) => outputs[0] = new(context.DType(1), Shape.Create(context.Ints(2)));
    }

    private sealed class ScalarForm() : OperatorForm("scalar", new("slot", AttributeKind.Int), new("dtype", AttributeKind.DType))
    {
        public override (int Least, int Most) OperandCount => (0, 0);

        public override void Infer(in InferenceContext context, Span<TensorType> outputs) => outputs[0] = new(context.DType(1), Shape.Scalar);
    }
}
