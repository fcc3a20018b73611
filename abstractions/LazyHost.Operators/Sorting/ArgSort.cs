using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The places, as i64, of the elements along an axis in their order. Equal elements keep their order; NaN is the greatest; false comes before true. Attributes
/// axis, descending.
/// </summary>
public sealed class ArgSort : SortingForm
{
    private ArgSort() : base("argsort") { }

    /// <summary>The form.</summary>
    public static ArgSort Form { get; } = new();

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        context.Operands[0].Shape.Axis(context.Int(0));
        outputs[0] = context.Operands[0].With(DType.Int64);
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) =>
        [Sorted(builder, operands[0], attributes) with { Output = 1 }];
}
