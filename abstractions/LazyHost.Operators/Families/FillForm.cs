using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The base of operators that give one constant for all elements. Attributes dtype, sizes.</summary>
public abstract class FillForm(string name, double value) : OperatorForm(name, new("dtype", AttributeKind.DType), new("sizes", AttributeKind.Ints))
{
    /// <inheritdoc/>
    public sealed override (int Least, int Most) OperandCount => (0, 0);

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(DType type, params ReadOnlySpan<long> sizes) => IR.Attributes.Of(type, sizes.ToArray());

    /// <inheritdoc/>
    public sealed override void Infer(in InferenceContext context, Span<TensorType> outputs) =>
        outputs[0] = new(context.DType(0), LazyHost.Shape.Create(context.Ints(1)));

    /// <inheritdoc/>
    public sealed override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) =>
        [builder.Constant(new TensorType(attributes.DType(Attributes, 0), LazyHost.Shape.Create(attributes.Ints(Attributes, 1))), value)];

    /// <inheritdoc/>
    public sealed override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public sealed override IEnumerable<OperatorSample> Samples(DType type) =>
        SampleSets.Shapes.Select(s => new OperatorSample(s.Class, [], Encode(type, s.Shape.Sizes)));
}
