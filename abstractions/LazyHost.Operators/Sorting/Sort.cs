using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The elements in order along an axis, and the place, as i64, that each came from. Equal elements keep their order; NaN is the greatest; false comes before
/// true. Attributes axis, descending.
/// </summary>
public sealed class Sort : SortingForm
{
    private Sort() : base("sort") { }

    /// <summary>The form.</summary>
    public static Sort Form { get; } = new();

    /// <inheritdoc/>
    public override int OutputCount => 2;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        outputs[0] = context.Operands[0];
        outputs[0].Shape.Axis(context.Int(0));
        outputs[1] = outputs[0].With(DType.Int64);
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var sorted = Sorted(builder, operands[0], attributes);
        return [builder.PrimCast(sorted, builder.DTypeOf(operands[0])), sorted with { Output = 1 }];
    }

    /// <summary>Each gradient goes back to the place its element came from.</summary>
    public override void Gradient(GradientContext context)
    {
        if (!context.Needs(0) || context.OutputGradient() is not { } gradient) return;
        var zeros = context.Builder.Constant(context.OperandType(0), 0);
        context.Set(0, context.Builder.ScatterAdd(zeros, context.Result(1), gradient, context.Attributes.Int(Attributes, 0)));
    }
}
