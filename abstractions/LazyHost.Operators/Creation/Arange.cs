using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// start, start + step, ...: each element is start + index * step, rounded once or twice. Operands start and step (scalars of one numeric type).
/// Attribute count.
/// </summary>
public sealed class Arange : OperatorForm
{
    private Arange() : base("arange", new AttributeSpec("count", AttributeKind.Int)) { }

    /// <summary>The form.</summary>
    public static Arange Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(long count) => IR.Attributes.Of(count);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var start = context.Operands[0];
        Rules.RequireDType(start.DType, DTypes);
        Rules.RequireSame(start.With(LazyHost.Shape.Scalar), start);
        Rules.RequireSame(start, context.Operands[1]);
        Rules.RequireAttribute(context.Int(0) >= 0, $"count is {context.Int(0)}; it must not be negative");
        outputs[0] = start.With([context.Int(0)]);
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = builder.DTypeOf(operands[0]);
        // Indices beyond 2048 or 256 have no f16 or bf16 of their own.
        var wide = type.ComputeType();
        var index = builder.Iota(new(wide, [attributes.Int(Attributes, 0)]), 0);
        return [builder.PrimCast(builder.Add(builder.Mul(index, builder.PrimCast(operands[1], wide)), builder.PrimCast(operands[0], wide)), type)];
    }

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        OperatorSample Of(ShapeClass kind, long count) => new(kind, [SampleSets.Input(type, []), SampleSets.Input(type, [], 1, 2)], Encode(count));
        yield return Of(ShapeClass.Empty, 0);
        yield return Of(ShapeClass.SizeOne, 1);
        yield return Of(ShapeClass.Odd, 37);
        yield return Of(ShapeClass.Large, 4099);
    }
}
