using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Whole slices along an axis: an embedding is a selection along axis 0. Operands x and indices (i32 or i64) of any rank; the result has x's sizes with
/// the axis replaced by the sizes of the indices. Attribute axis. Indices are clamped into range.
/// </summary>
public sealed class IndexSelect : OperatorForm
{
    private IndexSelect() : base("index_select", new AttributeSpec("axis", AttributeKind.Int)) { }

    /// <summary>The form.</summary>
    public static IndexSelect Form { get; } = new();

    /// <summary>Encodes the attributes; a negative axis counts from the end.</summary>
    public static Attributes Encode(long axis) => IR.Attributes.Of(axis);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (x, indices) = (context.Operands[0], context.Operands[1]);
        Rules.RequireIndex(indices.DType);
        var axis = x.Shape.Axis(context.Int(0));
        Rules.RequireShape(x.Shape[axis] > 0 || indices.Shape.ElementCount == 0, $"axis {axis} of {x} has no elements to choose from");
        outputs[0] = x.With(GatherPrimitive.Replace(x.Shape, axis, indices.Shape));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) =>
        [builder.Emit(Primitives.Gather, operands, IR.Attributes.Of(builder.ShapeOf(operands[0]).Axis(attributes.Int(Attributes, 0))))];

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (!context.Needs(0) || context.OutputGradient() is not { } gradient) return;
        var zeros = context.Builder.Constant(context.OperandType(0), 0);
        context.Set(0, context.Builder.IndexAdd(zeros, context.Operand(1), gradient, context.Attributes.Int(Attributes, 0)));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        OperatorSample Of(ShapeClass kind, Shape x, Shape indices, DType index, long axis) =>
            new(kind, [SampleSets.Input(type, x), new(new(index, indices), 0, Math.Max(0, x[x.Axis(axis)] - 1))], Encode(axis));
        yield return Of(ShapeClass.Scalar, [5, 3], [], DType.Int64, 0);
        yield return Of(ShapeClass.Empty, [4, 3], [0], DType.Int64, 1);
        yield return Of(ShapeClass.SizeOne, [1, 1], [1, 1], DType.Int32, 0);
        yield return Of(ShapeClass.Odd, [3, 5, 7], [2, 3], DType.Int64, 1);
        yield return Of(ShapeClass.Odd, [3, 5, 7], [11], DType.Int32, -1);
        yield return Of(ShapeClass.Large, [129, 65], [33, 17], DType.Int64, 0);
    }
}
