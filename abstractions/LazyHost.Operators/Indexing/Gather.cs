using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Single elements along an axis: result[i, j] = x[indices[i, j], j] for axis 0. Operands x and indices (i32 or i64) of the same rank, whose sizes are at
/// most x's along the other axes; the result has the sizes of the indices. Attribute axis. Indices are clamped into range.
/// </summary>
public sealed class Gather : OperatorForm
{
    private Gather() : base("gather", new AttributeSpec("axis", AttributeKind.Int)) { }

    /// <summary>The form.</summary>
    public static Gather Form { get; } = new();

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
        var axis = RequireWithin(x, indices, context.Int(0));
        Rules.RequireShape(x.Shape[axis] > 0 || indices.Shape.ElementCount == 0, $"axis {axis} of {x} has no elements to choose from");
        outputs[0] = x.With(indices.Shape);
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var (x, sizes) = (operands[0], builder.ShapeOf(operands[1]));
        var axis = sizes.Axis(attributes.Int(Attributes, 0));
        for (var i = 0; i < sizes.Rank; i++)
            if (i != axis) x = builder.Slice(x, i, 0, sizes[i]);
        return [builder.Emit(Primitives.GatherElements, [x, operands[1]], IR.Attributes.Of(axis))];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (!context.Needs(0) || context.OutputGradient() is not { } gradient) return;
        var zeros = context.Builder.Constant(context.OperandType(0), 0);
        context.Set(0, context.Builder.ScatterAdd(zeros, context.Operand(1), gradient, context.Attributes.Int(Attributes, 0)));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        OperatorSample Of(ShapeClass kind, Shape x, Shape indices, DType index, long axis) =>
            new(kind, [SampleSets.Input(type, x), new(new(index, indices), 0, Math.Max(0, x[x.Axis(axis)] - 1))], Encode(axis));
        yield return Of(ShapeClass.Empty, [0, 3], [0, 2], DType.Int64, 1);
        yield return Of(ShapeClass.SizeOne, [1, 1], [1, 1], DType.Int32, 0);
        yield return Of(ShapeClass.Odd, [3, 5, 7], [3, 9, 7], DType.Int64, 1);
        yield return Of(ShapeClass.Odd, [3, 5, 7], [2, 4, 6], DType.Int32, -1);
        yield return Of(ShapeClass.Large, [33, 1025], [33, 513], DType.Int64, 1);
    }

    /// <summary>Checks that indices of single elements fit a tensor; returns the axis counted from 0.</summary>
    internal static int RequireWithin(TensorType x, TensorType indices, long axis)
    {
        Rules.RequireIndex(indices.DType);
        var at = x.Shape.Axis(axis);
        Rules.RequireShape(indices.Shape.Rank == x.Shape.Rank, $"indices {indices} must have the rank of {x}");
        for (var i = 0; i < x.Shape.Rank; i++)
            Rules.RequireShape(i == at || indices.Shape[i] <= x.Shape[i],
                $"indices {indices} are larger than {x} along dimension {i}; only along axis {at} may they be");
        return at;
    }
}
