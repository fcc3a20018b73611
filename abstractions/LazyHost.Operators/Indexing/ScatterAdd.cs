using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// x with single elements added along an axis: result[indices[i, j], j] += updates[i, j] for axis 0. Operands x, indices (i32 or i64) and updates of the
/// shape of the indices, whose sizes are at most x's along the other axes. Attribute axis. Indices out of range are skipped.
/// </summary>
public sealed class ScatterAdd : OperatorForm
{
    private ScatterAdd() : base("scatter_add", new AttributeSpec("axis", AttributeKind.Int)) { }

    /// <summary>The form.</summary>
    public static ScatterAdd Form { get; } = new();

    /// <summary>Encodes the attributes; a negative axis counts from the end.</summary>
    public static Attributes Encode(long axis) => IR.Attributes.Of(axis);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (3, 3);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (x, indices) = (context.Operands[0], context.Operands[1]);
        Rules.RequireDType(x.DType, DTypes);
        Gather.RequireWithin(x, indices, context.Int(0));
        Rules.RequireSame(x.With(indices.Shape), context.Operands[2]);
        outputs[0] = x;
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var (x, indices, updates) = (operands[0], operands[1], operands[2]);
        var (shape, sizes) = (builder.ShapeOf(x), builder.ShapeOf(indices));
        var axis = shape.Axis(attributes.Int(Attributes, 0));
        var (low, high) = (new long[sizes.Rank], new long[sizes.Rank]);
        for (var i = 0; i < sizes.Rank; i++) high[i] = i == axis ? 0 : shape[i] - sizes[i];
        // The primitive wants indices everywhere: the places without one get an index that is skipped.
        return [builder.Emit(Primitives.ScatterElements, [x, builder.Pad(indices, -1, low, high), builder.Pad(updates, 0, low, high)],
            IR.Attributes.Of(axis, 1))];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        if (context.Needs(0)) context.Set(0, gradient);
        if (context.Needs(2)) context.Set(2, context.Builder.Gather(gradient, context.Operand(1), context.Attributes.Int(Attributes, 0)));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(8);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        OperatorSample Of(ShapeClass kind, Shape x, Shape indices, DType index, long axis) =>
            new(kind, [SampleSets.Input(type, x), new(new(index, indices), 0, Math.Max(0, x[x.Axis(axis)] - 1)), SampleSets.Input(type, indices)],
                Encode(axis));
        yield return Of(ShapeClass.Empty, [2, 3], [2, 0], DType.Int64, 1);
        yield return Of(ShapeClass.SizeOne, [1, 1], [1, 1], DType.Int32, 0);
        yield return Of(ShapeClass.Odd, [3, 5, 7], [3, 9, 7], DType.Int64, 1);
        yield return Of(ShapeClass.Odd, [3, 5, 7], [2, 4, 6], DType.Int32, -1);
        yield return Of(ShapeClass.Large, [33, 1025], [33, 513], DType.Int64, 1);
    }
}
