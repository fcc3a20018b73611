using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The base of operators that map each element of one operand: the result has its shape.</summary>
public abstract class UnaryForm(string name, params AttributeSpec[] attributes) : OperatorForm(name, attributes)
{
    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (1, 1);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <summary>The range samples are drawn from.</summary>
    protected virtual (double Low, double High) SampleRange => (-2, 2);

    /// <summary>The element type of the result.</summary>
    protected virtual DType ResultType(DType type) => type;

    /// <summary>The function, of a value already converted to the result's element type.</summary>
    protected abstract Value Formula(IrBuilder builder, Value x, Attributes attributes);

    /// <summary>The gradient of the operand, given that of the result; its element type may still be the result's.</summary>
    protected abstract Value Gradient(GradientContext context, Value gradient);

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireDType(context.Operands[0].DType, DTypes);
        outputs[0] = context.Operands[0].With(ResultType(context.Operands[0].DType));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) =>
        [Formula(builder, builder.PrimCast(operands[0], ResultType(builder.DTypeOf(operands[0]))), attributes)];

    /// <inheritdoc/>
    public sealed override void Gradient(GradientContext context)
    {
        if (context.Needs(0) && context.OutputGradient() is { } gradient) context.SetFitted(0, Gradient(context, gradient));
    }

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) => SampleSets.Unary(type, SampleRange.Low, SampleRange.High);
}
