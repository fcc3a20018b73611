using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Batch normalization in training (Ioffe and Szegedy 2015): x[N, C, ...] normalized over every axis but 1 with the mean and plain variance of the batch,
/// then times weight[C] and plus bias[C] if given. Operands x, optionally weight, optionally bias. Attribute eps. Outputs: the result, and the mean[C]
/// and plain variance[C] of the batch for running statistics, in f32 where x is f16 or bf16.
/// </summary>
public sealed class BatchNorm : OperatorForm
{
    private BatchNorm() : base("batch_norm", new AttributeSpec("eps", AttributeKind.Float)) { }

    /// <summary>The form.</summary>
    public static BatchNorm Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(double eps = 1e-5) => IR.Attributes.Of(eps);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (1, 3);

    /// <inheritdoc/>
    public override int OutputCount => 3;

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        BatchNormRules.Require(context);
        var x = context.Operands[0];
        outputs[0] = x;
        outputs[1] = outputs[2] = new(x.DType.ComputeType(), Rules.Without(x.Shape, BatchNormRules.Axes(x.Shape)));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = builder.TypeOf(operands[0]);
        var x = builder.PrimCast(operands[0], type.DType.ComputeType());
        var axes = BatchNormRules.Axes(type.Shape);
        var mean = builder.Mean(x, axes);
        var distance = builder.Sub(x, BatchNormRules.Spread(builder, mean, type));
        var variance = builder.Mean(builder.Square(distance), axes);
        var result = builder.Mul(distance, BatchNormRules.Spread(builder, builder.Rsqrt(builder.Add(variance, attributes.Float(Attributes, 0))), type));
        if (operands.Length > 1) result = builder.Mul(result, BatchNormRules.Spread(builder, operands[1], type));
        if (operands.Length > 2) result = builder.Add(result, BatchNormRules.Spread(builder, operands[2], type));
        return [builder.PrimCast(result, type.DType), mean, variance];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        var builder = context.Builder;
        var x = context.OperandType(0);
        var axes = BatchNormRules.Axes(x.Shape);
        var gradient = context.OutputGradient() is { } arrived ? builder.Widen(arrived) : (Value?)null;
        if (gradient is { } g && context.OperandCount > 2 && context.Needs(2)) context.SetFitted(2, builder.Sum(g, axes));
        var needsWeight = gradient is not null && context.OperandCount > 1 && context.Needs(1);
        if (!needsWeight && !context.Needs(0)) return;

        var distance = builder.Sub(builder.Widen(context.Operand(0)), BatchNormRules.Spread(builder, context.Result(1), x));
        var count = Rules.Count(x.Shape, axes);
        Value? total = null;
        if (gradient is { } g0)
        {
            var scale = BatchNormRules.Spread(builder, builder.Rsqrt(builder.Add(context.Result(2), context.Attributes.Float(Attributes, 0))), x);
            var normalized = builder.Mul(distance, scale);
            if (needsWeight) context.SetFitted(1, builder.Sum(builder.Mul(g0, normalized), axes));
            if (!context.Needs(0)) return;
            if (context.OperandCount > 1) g0 = builder.Mul(g0, BatchNormRules.Spread(builder, context.Operand(1), x));
            var along = builder.Mul(normalized, builder.Mean(builder.Mul(g0, normalized), axes, keepDims: true));
            total = builder.Mul(builder.Sub(builder.Sub(g0, builder.Mean(g0, axes, keepDims: true)), along), scale);
        }
        if (context.OutputGradient(1) is { } ofMean) total = Plus(total,
            builder.BroadcastTo(BatchNormRules.Spread(builder, builder.Div(ofMean, count), x), x.Shape));
        if (context.OutputGradient(2) is { } ofVariance) total = Plus(total,
            builder.Mul(distance, BatchNormRules.Spread(builder, builder.Mul(ofVariance, 2.0 / count), x)));
        if (total is { } sum) context.SetFitted(0, sum);

        Value Plus(Value? a, Value b) => a is { } first ? builder.Add(first, b) : b;
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(type is DType.Float32 or DType.Float64 ? 20 : 4);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        OperatorSample Of(ShapeClass kind, Shape x, int parameters) =>
            new(kind, [SampleSets.Input(type, x), .. Enumerable.Repeat(SampleSets.Input(type, [x[1]]), parameters)], Encode());
        yield return Of(ShapeClass.Empty, [3, 0], 2);
        yield return Of(ShapeClass.SizeOne, [4, 1], 2);
        yield return Of(ShapeClass.Odd, [7, 5], 0);
        yield return Of(ShapeClass.Odd, [3, 5, 7], 1);
        yield return Of(ShapeClass.Odd, [2, 3, 5, 7], 2);
        yield return Of(ShapeClass.Large, [8, 5, 29, 31], 2);
    }
}
