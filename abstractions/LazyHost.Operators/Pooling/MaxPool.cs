using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The greatest of each window over the last dimensions, as many as the kernel has; padding never wins, NaN always does. Attributes, one number each per
/// pooled dimension: kernel, strides, low and high padding (less than the kernel).
/// </summary>
public sealed class MaxPool : OperatorForm
{
    private MaxPool() : base("max_pool", PoolGeometry.Specs) { }

    /// <summary>The form.</summary>
    public static MaxPool Form { get; } = new();

    /// <summary>Encodes the attributes; the same padding on both sides.</summary>
    public static Attributes Encode(ReadOnlySpan<long> kernel, ReadOnlySpan<long> strides, ReadOnlySpan<long> padding) =>
        Encode(kernel, strides, padding, padding);

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(ReadOnlySpan<long> kernel, ReadOnlySpan<long> strides, ReadOnlySpan<long> low, ReadOnlySpan<long> high) =>
        IR.Attributes.Of(kernel.ToArray(), strides.ToArray(), low.ToArray(), high.ToArray());

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (1, 1);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireDType(context.Operands[0].DType, DTypes);
        outputs[0] = context.Operands[0].With(PoolGeometry.Read(this, context.Attributes).Result(context.Operands[0]));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var (window, strides, low, high) = PoolGeometry.Read(this, attributes).Over(builder.ShapeOf(operands[0]).Rank);
        return [builder.Emit(Primitives.ReduceWindow, operands, IR.Attributes.Of(1, window, strides, low, high))];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (!context.Needs(0) || context.OutputGradient() is not { } gradient) return;
        context.Set(0, context.Builder.Emit(MaxPoolBackward.Form, [context.Operand(0), gradient], context.Attributes));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) => PoolGeometry.Samples(type);
}
