using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The variance over axes: the sum of squared distances from the mean, divided by max(0, count - correction). Attribute correction: 1 for the unbiased
/// estimate, 0 for the plain one. NaN where the divisor and the sum are 0. Integers and bool give f32; f16 and bf16 are computed in f32.
/// </summary>
public sealed class Var : DifferentiableReductionForm
{
    private Var() : base("var", new AttributeSpec("correction", AttributeKind.Int)) { }

    /// <summary>The form.</summary>
    public static Var Form { get; } = new();

    /// <summary>Encodes the attributes; no axes means all.</summary>
    public static Attributes Encode(ReadOnlySpan<long> axes, long correction = 1, bool keepDims = false) =>
        IR.Attributes.Of(axes.ToArray(), keepDims, correction);

    /// <inheritdoc/>
    protected override DType ResultType(DType type) => Rules.ToFloat(type);

    /// <inheritdoc/>
    protected override Value Reduce(IrBuilder builder, Value x, long[] axes, Attributes attributes)
    {
        var wide = builder.PrimCast(x, ResultType(builder.DTypeOf(x)).ComputeType());
        var distance = builder.Sub(wide, builder.Mean(wide, axes, keepDims: true));
        var sum = builder.PrimReduce(Primitives.ReduceSum, builder.Square(distance), axes);
        return builder.Div(sum, Divisor(builder.ShapeOf(x), axes, attributes));
    }

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient, long[] axes)
    {
        var builder = context.Builder;
        var x = builder.Widen(context.Operand(0));
        var distance = builder.Sub(x, builder.Mean(x, axes, keepDims: true));
        var scale = 2 / Divisor(context.OperandType(0).Shape, axes, context.Attributes);
        return builder.Mul(builder.Mul(builder.Widen(gradient), scale), distance);
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(type is DType.Float32 or DType.Float64 ? 50 : 4);

    /// <inheritdoc/>
    protected override Attributes EncodeSample(long[] axes, bool keepDims) => Encode(axes, axes.Length == 1 ? 1 : 0, keepDims);

    private double Divisor(Shape shape, long[] axes, Attributes attributes) => Math.Max(0, Rules.Count(shape, axes) - attributes.Int(Attributes, 2));
}
