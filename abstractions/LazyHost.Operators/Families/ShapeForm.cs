using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The base of operators that move the elements of one operand without changing them.</summary>
public abstract class ShapeForm(string name, params AttributeSpec[] attributes) : OperatorForm(name, attributes)
{
    /// <inheritdoc/>
    public sealed override (int Least, int Most) OperandCount => (1, 1);

    /// <inheritdoc/>
    public sealed override bool IsDifferentiable => true;

    /// <summary>The shape of the result.</summary>
    protected abstract Shape ResultShape(Shape shape, Attributes attributes);

    /// <summary>The result in primitives; <paramref name="to"/> is the shape it must have.</summary>
    protected abstract Value Move(IrBuilder builder, Value x, Shape to, Attributes attributes);

    /// <summary>The gradient of the operand, given that of the result.</summary>
    protected abstract Value Gradient(GradientContext context, Value gradient);

    /// <inheritdoc/>
    public sealed override void Infer(in InferenceContext context, Span<TensorType> outputs) =>
        outputs[0] = context.Operands[0].With(ResultShape(context.Operands[0].Shape, context.Attributes));

    /// <inheritdoc/>
    public sealed override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) =>
        [Move(builder, operands[0], ResultShape(builder.ShapeOf(operands[0]), attributes), attributes)];

    /// <inheritdoc/>
    public sealed override void Gradient(GradientContext context)
    {
        if (context.Needs(0) && context.OutputGradient() is { } gradient) context.SetFitted(0, Gradient(context, gradient));
    }

    /// <inheritdoc/>
    public sealed override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;
}
