using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Batch normalization with given statistics: (x - mean) / sqrt(variance + eps), times weight and plus bias if given; all of these hold one number for each
/// channel, dimension 1 of x. Operands x[N, C, ...], mean, variance, optionally weight, optionally bias. Attribute eps. f16 and bf16 are computed in f32.
/// </summary>
public sealed class BatchNormInference : OperatorForm
{
    private BatchNormInference() : base("batch_norm_inference", new AttributeSpec("eps", AttributeKind.Float)) { }

    /// <summary>The form.</summary>
    public static BatchNormInference Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(double eps = 1e-5) => IR.Attributes.Of(eps);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (3, 5);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        BatchNormRules.Require(context);
        outputs[0] = context.Operands[0];
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = builder.TypeOf(operands[0]);
        var result = builder.Sub(builder.PrimCast(operands[0], type.DType.ComputeType()), BatchNormRules.Spread(builder, operands[1], type));
        result = builder.Mul(result, builder.Rsqrt(builder.Add(BatchNormRules.Spread(builder, operands[2], type), attributes.Float(Attributes, 0))));
        if (operands.Length > 3) result = builder.Mul(result, BatchNormRules.Spread(builder, operands[3], type));
        if (operands.Length > 4) result = builder.Add(result, BatchNormRules.Spread(builder, operands[4], type));
        return [builder.PrimCast(result, type.DType)];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } arrived) return;
        var builder = context.Builder;
        var x = context.OperandType(0);
        var axes = BatchNormRules.Axes(x.Shape);
        var gradient = builder.Widen(arrived);
        var needsWeight = context.OperandCount > 3 && context.Needs(3);
        if (context.OperandCount > 4 && context.Needs(4)) context.SetFitted(4, builder.Sum(gradient, axes));
        if (!needsWeight && !context.Needs(0) && !context.Needs(1) && !context.Needs(2)) return;

        var scale = builder.Rsqrt(builder.Add(BatchNormRules.Spread(builder, context.Operand(2), x), context.Attributes.Float(Attributes, 0)));
        Value? distance = null;
        if (needsWeight) context.SetFitted(3, builder.Sum(builder.Mul(gradient, builder.Mul(Distance(), scale)), axes));
        if (context.OperandCount > 3 && (context.Needs(0) || context.Needs(1) || context.Needs(2)))
            gradient = builder.Mul(gradient, BatchNormRules.Spread(builder, context.Operand(3), x));
        if (context.Needs(2))
        {
            var slope = builder.Mul(builder.Mul(builder.Square(scale), scale), -0.5);
            context.SetFitted(2, builder.Sum(builder.Mul(gradient, builder.Mul(Distance(), slope)), axes));
        }
        if (!context.Needs(0) && !context.Needs(1)) return;
        var scaled = builder.Mul(gradient, scale);
        if (context.Needs(0)) context.SetFitted(0, scaled);
        if (context.Needs(1)) context.SetFitted(1, builder.Neg(builder.Sum(scaled, axes)));

        Value Distance() => distance ??= builder.Sub(builder.Widen(context.Operand(0)), BatchNormRules.Spread(builder, context.Operand(1), x));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(4);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        OperatorSample Of(ShapeClass kind, Shape x, int parameters)
        {
            SampleInput mean = SampleSets.Input(type, [x[1]]), variance = SampleSets.Input(type, [x[1]], 0.5, 2);
            return new(kind, [SampleSets.Input(type, x), mean, variance, .. Enumerable.Repeat(SampleSets.Input(type, [x[1]]), parameters)], Encode());
        }
        yield return Of(ShapeClass.Empty, [0, 3], 2);
        yield return Of(ShapeClass.SizeOne, [1, 1], 2);
        yield return Of(ShapeClass.Odd, [7, 5], 0);
        yield return Of(ShapeClass.Odd, [3, 5, 7], 1);
        yield return Of(ShapeClass.Large, [8, 5, 29, 31], 2);
    }
}
