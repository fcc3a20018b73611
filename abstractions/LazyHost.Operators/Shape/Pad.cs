using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Elements of a constant put before, after and between those of each dimension. Operands x and the constant (a scalar, converted to x's element type).
/// Attributes low, high, interior, one each per dimension; negative counts at the edges remove elements.
/// </summary>
public sealed class Pad : OperatorForm
{
    private Pad() : base("pad", new("low", AttributeKind.Ints), new("high", AttributeKind.Ints), new("interior", AttributeKind.Ints)) { }

    /// <summary>The form.</summary>
    public static Pad Form { get; } = new();

    /// <summary>Encodes the attributes; without interior counts nothing is put between elements.</summary>
    public static Attributes Encode(ReadOnlySpan<long> low, ReadOnlySpan<long> high, ReadOnlySpan<long> interior = default) =>
        IR.Attributes.Of(low.ToArray(), high.ToArray(), interior.IsEmpty ? new long[low.Length] : interior.ToArray());

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (x, value) = (context.Operands[0], context.Operands[1]);
        Rules.RequireShape(value.Shape.Rank == 0, $"the padding value is {value}; it must be a scalar");
        Primitives.Pad.Infer(new InferenceContext(Primitives.Pad, [x, value.With(x.DType)], context.Attributes), outputs);
        var dims = Rules.Dims(x.Shape);
        for (var i = 0; i < dims.Length; i++)
            if (context.Ints(0)[i] != 0 || context.Ints(1)[i] != 0 || context.Ints(2)[i] != 0) dims[i] = outputs[0].Shape[i];
        outputs[0] = x.With(LazyHost.Shape.Create(dims));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) =>
        [builder.Emit(Primitives.Pad, [operands[0], builder.PrimCast(operands[1], builder.DTypeOf(operands[0]))], attributes)];

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        var builder = context.Builder;
        var low = context.Attributes.Ints(Attributes, 0);
        var high = context.Attributes.Ints(Attributes, 1);
        var interior = context.Attributes.Ints(Attributes, 2);
        if (context.Needs(0))
        {
            // Taking the edges off leaves elements of x and interior ones by turns; removed elements come back as zeros.
            var inner = builder.Pad(gradient, 0, Array.ConvertAll(low.ToArray(), count => -count), Array.ConvertAll(high.ToArray(), count => -count));
            for (var i = 0; i < interior.Length; i++) inner = builder.Slice(inner, i, 0, builder.ShapeOf(inner)[i], interior[i] + 1);
            context.SetFitted(0, inner);
        }
        if (context.Needs(1))
        {
            var padding = builder.Pad(builder.Constant(context.OperandType(0), 0), 1, low, high, interior);
            context.SetFitted(1, builder.Mul(gradient, padding));
        }
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        yield return new(ShapeClass.Scalar, [SampleSets.Input(type, []), SampleSets.Input(type, [])], Encode([], []));
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [0, 3]), SampleSets.Input(type, [])], Encode([1, 0], [1, 2]));
        yield return new(ShapeClass.SizeOne, [SampleSets.Input(type, [1]), SampleSets.Input(type, [])], Encode([2], [1], [3]));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5, 7]), SampleSets.Input(type, [])], Encode([1, -1, 0], [0, 2, -3], [0, 1, 2]));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025]), SampleSets.Input(type, [])], Encode([1, 3], [1, 0]));
    }
}
