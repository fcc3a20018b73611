using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The base of operators that draw floating-point numbers of a fixed distribution. Operands seed and ordinal (scalars of type u64). Attributes dtype
/// (floating-point), sizes.
/// </summary>
public abstract class RandomForm(string name) : OperatorForm(name, new("dtype", AttributeKind.DType), new("sizes", AttributeKind.Ints))
{
    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(DType type, ReadOnlySpan<long> sizes) => IR.Attributes.Of(type, sizes.ToArray());

    /// <inheritdoc/>
    public sealed override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public sealed override IReadOnlyList<DType> DTypes => RandomRules.Seeds;

    /// <summary>The numbers, given the seed, the ordinal and the type of the result.</summary>
    protected abstract Value Draw(IrBuilder builder, Value seed, Value ordinal, TensorType type);

    /// <inheritdoc/>
    public sealed override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        RandomRules.RequireSeed(context.Operands, 0);
        Rules.RequireDType(context.DType(0), Rules.Floats);
        outputs[0] = new(context.DType(0), LazyHost.Shape.Create(context.Ints(1)));
    }

    /// <inheritdoc/>
    public sealed override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) =>
        [Draw(builder, operands[0], operands[1], new(attributes.DType(Attributes, 0), LazyHost.Shape.Create(attributes.Ints(Attributes, 1))))];

    /// <inheritdoc/>
    public sealed override IEnumerable<OperatorSample> Samples(DType type) =>
        Rules.Floats.SelectMany(of => RandomRules.Samples(shape => Encode(of, shape.Sizes)));
}
