using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The matrix product by numpy's rules: [..., m, k] by [..., k, n] gives [..., m, n], where leading dimensions broadcast; an operand of one dimension is
/// a row (first) or a column (second) whose dimension disappears from the result. Element types are converted to their common one.
/// </summary>
public sealed class MatMul : OperatorForm
{
    private MatMul() : base("matmul") { }

    /// <summary>The form.</summary>
    public static MatMul Form { get; } = new();

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (a, b) = (context.Operands[0], context.Operands[1]);
        var type = LazyHost.DTypes.Promote(a.DType, b.DType);
        Rules.RequireDType(type, Rules.Numbers);
        Rules.RequireShape(a.Shape.Rank > 0 && b.Shape.Rank > 0, $"cannot multiply {a} and {b}: both need a dimension; use mul for scalars");
        var (inA, inB) = (a.Shape[a.Shape.Rank - 1], b.Shape[Math.Max(0, b.Shape.Rank - 2)]);
        Rules.RequireShape(inA == inB,
            $"cannot multiply {a} and {b}: rows of the first have {inA} elements, columns of the second {inB}; these must be equal");
        List<Dim> dims;
        try { dims = [.. Rules.Dims(LazyHost.Shape.Broadcast(Batch(a.Shape), Batch(b.Shape)))]; }
        catch (ShapeMismatchException e) { throw new ShapeMismatchException($"cannot multiply {a} and {b}: their leading dimensions do not broadcast", e); }
        if (a.Shape.Rank > 1) dims.Add(a.Shape.Dim(a.Shape.Rank - 2));
        if (b.Shape.Rank > 1) dims.Add(b.Shape.Dim(b.Shape.Rank - 1));
        outputs[0] = new(type, LazyHost.Shape.Create([.. dims]));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = LazyHost.DTypes.Promote(builder.DTypeOf(operands[0]), builder.DTypeOf(operands[1]));
        var (a, b) = (builder.PrimCast(operands[0], type), builder.PrimCast(operands[1], type));
        var (rankA, rankB) = (builder.ShapeOf(a).Rank, builder.ShapeOf(b).Rank);
        if (rankB <= 2) return [Dot(builder, a, b, 0, rankA - 1, 0)];

        // A row times a batch of matrices: the row becomes a matrix of one row, whose dimension goes again.
        if (rankA == 1)
        {
            var product = Batched(builder, builder.PrimReshape(a, [1, builder.ShapeOf(a)[0]]), b);
            return [builder.PrimReshape(product, Rules.Without(builder.ShapeOf(product), [rankB - 2]))];
        }
        return [Batched(builder, a, b)];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        var builder = context.Builder;
        var (shapeA, shapeB) = (context.OperandType(0).Shape, context.OperandType(1).Shape);
        var (isRow, isColumn) = (shapeA.Rank == 1, shapeB.Rank == 1);
        var full = gradient;
        if (isColumn) full = builder.Unsqueeze(full, -1);
        if (isRow) full = builder.Unsqueeze(full, -2);
        if (context.Needs(0))
        {
            var b = isColumn ? builder.Unsqueeze(context.Operand(1), 0) : builder.Transpose(context.Operand(1));
            var product = builder.MatMul(full, b);
            context.SetFitted(0, isRow ? builder.Reshape(builder.SumTo(product, [1, shapeA[0]]), shapeA) : product);
        }
        if (context.Needs(1))
        {
            var a = isRow ? builder.Unsqueeze(context.Operand(0), 0) : context.Operand(0);
            if (shapeB.Rank <= 2)
            {
                // The batch of a is summed over: it is one long contraction.
                a = builder.Reshape(a, [Rows(builder.ShapeOf(a)), shapeB[0]]);
                full = builder.Reshape(full, [builder.ShapeOf(a)[0], isColumn ? 1 : shapeB[1]]);
            }
            var product = builder.MatMul(builder.Transpose(a), full);
            context.SetFitted(1, isColumn ? builder.Reshape(product, shapeB) : product);
        }
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(type is DType.Float32 or DType.Float64 ? 50 : 4);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        OperatorSample Of(ShapeClass kind, Shape a, Shape b) => new(kind, [SampleSets.Input(type, a), SampleSets.Input(type, b)]);
        yield return Of(ShapeClass.Scalar, [5], [5]);
        yield return Of(ShapeClass.Empty, [0, 3], [3, 4]);
        yield return Of(ShapeClass.Empty, [2, 0], [0, 3]);
        yield return Of(ShapeClass.SizeOne, [1, 1], [1, 1]);
        yield return Of(ShapeClass.Odd, [5, 7], [7, 3]);
        yield return Of(ShapeClass.Odd, [2, 5, 7], [7]);
        yield return Of(ShapeClass.Odd, [7], [7, 3]);
        yield return Of(ShapeClass.Odd, [2, 3, 5, 7], [2, 3, 7, 4]);
        yield return Of(ShapeClass.Broadcast, [3, 5, 7], [7, 4]);
        yield return Of(ShapeClass.Broadcast, [5, 7], [3, 7, 4]);
        yield return Of(ShapeClass.Broadcast, [7], [3, 7, 4]);
        yield return Of(ShapeClass.Broadcast, [2, 1, 5, 7], [3, 7, 4]);
        yield return Of(ShapeClass.Large, [65, 130], [130, 67]);
    }

    private static Value Batched(IrBuilder builder, Value a, Value b)
    {
        var (shapeA, shapeB) = (builder.ShapeOf(a), builder.ShapeOf(b));
        var batch = LazyHost.Shape.Broadcast(Batch(shapeA), Batch(shapeB));
        a = builder.PrimBroadcast(a, LazyHost.Shape.Create([.. batch.Sizes, .. shapeA.Sizes[^2..]]));
        b = builder.PrimBroadcast(b, LazyHost.Shape.Create([.. batch.Sizes, .. shapeB.Sizes[^2..]]));
        return Dot(builder, a, b, batch.Rank, batch.Rank + 1, batch.Rank);
    }

    private static Value Dot(IrBuilder builder, Value a, Value b, int batchRank, int contractA, int contractB)
    {
        var batch = new long[batchRank];
        for (var i = 0; i < batchRank; i++) batch[i] = i;
        return builder.Emit(Primitives.DotGeneral, [a, b], IR.Attributes.Of(batch, batch, new long[] { contractA }, new long[] { contractB }));
    }

    private static Shape Batch(Shape shape)
    {
        var dims = new Dim[Math.Max(0, shape.Rank - 2)];
        for (var i = 0; i < dims.Length; i++) dims[i] = shape.Dim(i);
        return LazyHost.Shape.Create(dims);
    }

    private static long Rows(Shape shape)
    {
        long rows = 1;
        foreach (var size in shape.Sizes[..^1]) rows *= size;
        return rows;
    }
}
