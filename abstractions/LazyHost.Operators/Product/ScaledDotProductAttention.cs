using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// softmax(q · kᵗ * scale + mask) · v (Vaswani et al. 2017): q[..., L, E], k[..., S, E] and v[..., S, Ev] give [..., L, Ev]; leading dimensions broadcast. Operands q, k, v, all of one element type, and optionally a mask that
/// broadcasts to [..., L, S]: numbers of the same type are added to the scores; where a bool is false the score becomes -inf. Attributes causal (query i sees keys 0 .. i; without a mask only), scale (NaN: 1 / sqrt(E)). A
/// query that sees no key is NaN, as in PyTorch's definition; without any keys the result is 0. For f16 and bf16 the softmax is computed in f32.
/// </summary>
public sealed class ScaledDotProductAttention : OperatorForm
{
    private ScaledDotProductAttention() : base("scaled_dot_product_attention", new("causal", AttributeKind.Bool), new("scale", AttributeKind.Float)) { }

    /// <summary>The form.</summary>
    public static ScaledDotProductAttention Form { get; } = new();

    /// <summary>Encodes the attributes; without a scale, 1 / sqrt(E) is taken.</summary>
    public static Attributes Encode(bool isCausal = false, double? scale = null) => IR.Attributes.Of(isCausal, scale ?? double.NaN);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (3, 4);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (q, k, v) = (context.Operands[0], context.Operands[1], context.Operands[2]);
        Rules.RequireDType(q.DType, DTypes);
        if (k.DType != q.DType || v.DType != q.DType) throw new DTypeMismatchException($"queries {q}, keys {k} and values {v} must have one element type");
        Rules.RequireShape(q.Shape.Rank > 1 && k.Shape.Rank > 1 && v.Shape.Rank > 1, $"queries {q}, keys {k} and values {v} need two dimensions each, rows and columns");
        Rules.RequireShape(q.Shape[q.Shape.Rank - 1] == k.Shape[k.Shape.Rank - 1], $"queries {q} and keys {k} must have as many columns");
        Rules.RequireShape(k.Shape[k.Shape.Rank - 2] == v.Shape[v.Shape.Rank - 2], $"keys {k} and values {v} must have as many rows");
        var scores = Matrices(Batch(q.Shape, k.Shape), q.Shape.Dim(q.Shape.Rank - 2), k.Shape.Dim(k.Shape.Rank - 2));
        if (context.Operands.Length > 3)
        {
            var mask = context.Operands[3];
            Rules.RequireAttribute(!context.Bool(0), "takes a mask or is causal, not both; add the causal part to the mask");
            if (mask.DType != DType.Bool && mask.DType != q.DType) throw new DTypeMismatchException($"the mask is {mask}; it must be bool, or {q.DType.Name()} as the queries");
            Rules.RequireShape(LazyHost.Shape.Broadcast(mask.Shape, scores).Equals(scores), $"the mask {mask} does not broadcast to the scores {scores}");
        }
        outputs[0] = new(q.DType, Matrices(Batch(scores, v.Shape), q.Shape.Dim(q.Shape.Rank - 2), v.Shape.Dim(v.Shape.Rank - 1)));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var weights = Weights(builder, operands[0], operands[1], operands.Length > 3 ? operands[3] : null, attributes);
        return [builder.MatMul(builder.CastTo(weights, builder.DTypeOf(operands[2])), operands[2])];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        var builder = context.Builder;
        var type = context.OperandType(0).DType;
        var mask = context.OperandCount > 3 ? context.Operand(3) : (Value?)null;
        var needsMask = mask is not null && context.OperandType(3).DType != DType.Bool && context.Needs(3);
        var needsScores = needsMask || context.Needs(0) || context.Needs(1);
        if (!needsScores && !context.Needs(2)) return;
        var (q, k) = (context.Operand(0), context.Operand(1));
        var weights = Weights(builder, q, k, mask, context.Attributes);
        if (context.Needs(2)) context.SetFitted(2, builder.MatMul(builder.Transpose(builder.CastTo(weights, type)), gradient));
        if (!needsScores) return;
        var weighted = builder.Mul(builder.Widen(builder.MatMul(gradient, builder.Transpose(context.Operand(2)))), weights);
        var scores = builder.Sub(weighted, builder.Mul(weights, builder.Sum(weighted, [-1], keepDims: true)));
        if (needsMask) context.SetFitted(3, scores);
        var products = builder.CastTo(builder.Mul(scores, Scale(context.OperandType(0).Shape, context.Attributes)), type);
        if (context.Needs(0)) context.SetFitted(0, builder.MatMul(products, k));
        if (context.Needs(1)) context.SetFitted(1, builder.MatMul(builder.Transpose(products), q));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => type switch
    {
        DType.Float16 => new(8e-3, 2e-3),
        DType.BFloat16 => new(6.4e-2, 1.6e-2),
        _ => IR.Tolerance.Default(type).Times(50),
    };

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        OperatorSample Of(ShapeClass kind, Shape q, Shape k, Shape v, TensorType? mask = null, bool isCausal = false, double? scale = null)
        {
            SampleInput[] three = [SampleSets.Input(type, q, -1, 1), SampleSets.Input(type, k, -1, 1), SampleSets.Input(type, v, -1, 1)];
            return new(kind, mask is null ? three : [.. three, SampleSets.Input(mask.Value.DType, mask.Value.Shape)], Encode(isCausal, scale));
        }
        yield return Of(ShapeClass.Empty, [2, 0, 4], [2, 3, 4], [2, 3, 5]);
        yield return Of(ShapeClass.Empty, [3, 4], [0, 4], [0, 5]);
        yield return Of(ShapeClass.SizeOne, [1, 1], [1, 1], [1, 1]);
        yield return Of(ShapeClass.Odd, [2, 3, 17, 5], [2, 3, 19, 5], [2, 3, 19, 7], new(type, [17, 19]));
        yield return Of(ShapeClass.Odd, [3, 18, 7], [3, 21, 7], [3, 21, 7], isCausal: true);
        yield return Of(ShapeClass.Odd, [2, 3, 5, 4], [2, 3, 13, 4], [2, 3, 13, 4], new(DType.Bool, [2, 1, 1, 13]), scale: 0.3);
        yield return Of(ShapeClass.Broadcast, [2, 3, 5, 4], [2, 1, 7, 4], [1, 1, 7, 4]);
        yield return Of(ShapeClass.Broadcast, [16, 6], [3, 9, 6], [2, 1, 9, 6], new(type, [3, 16, 1]));
        yield return Of(ShapeClass.Large, [2, 2, 130, 65], [2, 2, 131, 65], [2, 2, 131, 66], isCausal: true);
    }

    // the softmax of the scores, in the type in which it is computed
    private Value Weights(IrBuilder builder, Value q, Value k, Value? mask, Attributes attributes)
    {
        var scores = builder.Mul(builder.Widen(builder.MatMul(q, builder.Transpose(k))), Scale(builder.ShapeOf(q), attributes));
        if (attributes.Bool(Attributes, 0))
        {
            var shape = builder.ShapeOf(scores);
            var places = new TensorType(DType.Int32, LazyHost.Shape.Create([shape.Dim(shape.Rank - 2), shape.Dim(shape.Rank - 1)]));
            scores = builder.Where(builder.Le(builder.Iota(places, 1), builder.Iota(places, 0)), scores, double.NegativeInfinity);
        }
        else if (mask is { } given)
            scores = builder.DTypeOf(given) == DType.Bool ? builder.Where(given, scores, double.NegativeInfinity) : builder.Add(scores, builder.CastTo(given, builder.DTypeOf(scores)));
        return builder.Emit(Softmax.Form, [scores], SoftmaxForm.Encode(-1));
    }

    private double Scale(Shape q, Attributes attributes)
    {
        var scale = attributes.Float(Attributes, 1);
        return double.IsNaN(scale) ? 1 / Math.Sqrt(q[q.Rank - 1]) : scale;
    }

    private static Shape Batch(Shape a, Shape b)
    {
        try { return LazyHost.Shape.Broadcast(LazyHost.Shape.Create(Rules.Dims(a)[..^2]), LazyHost.Shape.Create(Rules.Dims(b)[..^2])); }
        catch (ShapeMismatchException e) { throw new ShapeMismatchException($"the leading dimensions of {a} and {b} do not broadcast", e); }
    }

    private static Shape Matrices(Shape batch, Dim rows, Dim columns) => LazyHost.Shape.Create([.. Rules.Dims(batch), rows, columns]);
}
