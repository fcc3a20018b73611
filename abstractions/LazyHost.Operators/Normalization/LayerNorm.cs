using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// (x - mean) / sqrt(variance + eps) over the last axes (Ba, Kiros and Hinton 2016), then times weight and plus bias if given, both of the sizes of those
/// axes. Operands x, optionally weight, optionally bias. Attributes axes (how many of the last), eps. The variance is the plain one; f16 and bf16 are
/// computed in f32.
/// </summary>
public sealed class LayerNorm : OperatorForm
{
    private LayerNorm() : base("layer_norm", new("axes", AttributeKind.Int), new("eps", AttributeKind.Float)) { }

    /// <summary>The form.</summary>
    public static LayerNorm Form { get; } = new();

    /// <summary>Encodes the attributes; <paramref name="axes"/> is the number of last axes.</summary>
    public static Attributes Encode(long axes = 1, double eps = 1e-5) => IR.Attributes.Of(axes, eps);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (1, 3);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (x, count) = (context.Operands[0], context.Int(0));
        Rules.RequireDType(x.DType, DTypes);
        Rules.RequireAttribute(count >= 1 && count <= x.Shape.Rank, $"cannot normalize the last {count} axes of {x}; it has {x.Shape.Rank}");
        var inner = LazyHost.Shape.Create(Rules.Dims(x.Shape)[^(int)count..]);
        foreach (var parameter in context.Operands[1..])
        {
            Rules.RequireDType(parameter.DType, DTypes);
            Rules.RequireShape(parameter.Shape.Equals(inner),
                $"weight or bias {parameter} does not fit the last {count} axes of {x}: its shape must be {inner}");
        }
        outputs[0] = x;
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = builder.DTypeOf(operands[0]);
        var x = builder.PrimCast(operands[0], type.ComputeType());
        var (result, _) = Normalize(builder, x, Axes(builder.ShapeOf(x), attributes), attributes);
        if (operands.Length > 1) result = builder.Mul(result, builder.PrimCast(operands[1], type.ComputeType()));
        if (operands.Length > 2) result = builder.Add(result, builder.PrimCast(operands[2], type.ComputeType()));
        return [builder.PrimCast(result, type)];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } arrived) return;
        var builder = context.Builder;
        var gradient = builder.Widen(arrived);
        if (context.OperandCount > 2 && context.Needs(2)) context.SetFitted(2, gradient);
        var needsWeight = context.OperandCount > 1 && context.Needs(1);
        if (!needsWeight && !context.Needs(0)) return;
        var axes = Axes(context.OperandType(0).Shape, context.Attributes);
        var (normalized, scale) = Normalize(builder, builder.Widen(context.Operand(0)), axes, context.Attributes);
        if (needsWeight) context.SetFitted(1, builder.Mul(gradient, normalized));
        if (!context.Needs(0)) return;
        if (context.OperandCount > 1) gradient = builder.Mul(gradient, builder.CastTo(context.Operand(1), builder.DTypeOf(gradient)));
        var along = builder.Mul(normalized, builder.Mean(builder.Mul(gradient, normalized), axes, keepDims: true));
        var rest = builder.Sub(builder.Sub(gradient, builder.Mean(gradient, axes, keepDims: true)), along);
        context.SetFitted(0, builder.Mul(rest, scale));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(type is DType.Float32 or DType.Float64 ? 20 : 4);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        OperatorSample Of(ShapeClass kind, Shape x, int axes, int parameters) =>
            new(kind, [SampleSets.Input(type, x), .. Enumerable.Repeat(SampleSets.Input(type, LazyHost.Shape.Create(x.Sizes[^axes..])), parameters)],
                Encode(axes));
        yield return Of(ShapeClass.Empty, [0, 3], 1, 2);
        yield return Of(ShapeClass.SizeOne, [4, 1], 1, 2);
        yield return Of(ShapeClass.Odd, [3, 5, 7], 1, 0);
        yield return Of(ShapeClass.Odd, [3, 5, 7], 2, 1);
        yield return Of(ShapeClass.Odd, [3, 5, 7], 1, 2);
        yield return Of(ShapeClass.Large, [33, 1025], 1, 2);
    }

    private long[] Axes(Shape shape, Attributes attributes)
    {
        var axes = new long[attributes.Int(Attributes, 0)];
        for (var i = 0; i < axes.Length; i++) axes[i] = shape.Rank - axes.Length + i;
        return axes;
    }

    private (Value Normalized, Value Scale) Normalize(IrBuilder builder, Value x, long[] axes, Attributes attributes)
    {
        var distance = builder.Sub(x, builder.Mean(x, axes, keepDims: true));
        var scale = builder.Rsqrt(builder.Add(builder.Mean(builder.Square(distance), axes, keepDims: true), attributes.Float(Attributes, 1)));
        return (builder.Mul(distance, scale), scale);
    }
}
