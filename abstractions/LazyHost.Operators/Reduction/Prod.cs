using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The product over axes; 1 when there is nothing to multiply. Bool and integers give i64, wrapping; f16 and bf16 are multiplied in f32.</summary>
public sealed class Prod : DifferentiableReductionForm
{
    private Prod() : base("prod") { }

    /// <summary>The form.</summary>
    public static Prod Form { get; } = new();

    /// <inheritdoc/>
    protected override (double Low, double High) SampleRange => (0.9, 1.1);

    /// <inheritdoc/>
    protected override DType ResultType(DType type) => type.IsFloat() ? type : DType.Int64;

    /// <inheritdoc/>
    protected override Value Reduce(IrBuilder builder, Value x, long[] axes, Attributes attributes) =>
        builder.PrimReduce(Primitives.ReduceProd, builder.PrimCast(x, ResultType(builder.DTypeOf(x)).ComputeType()), axes);

    /// <summary>
    /// The gradient of an element is the product of the others. Where exactly one element is 0, that product is of the rest; where several are, all are
    /// 0.
    /// </summary>
    protected override Value Gradient(GradientContext context, Value gradient, long[] axes)
    {
        var builder = context.Builder;
        var x = builder.Widen(context.Operand(0));
        var isZero = builder.Eq(x, 0);
        var product = builder.Emit(Form, [builder.Where(isZero, builder.Constant(builder.DTypeOf(x), 1), x)], Encode(axes, true));
        var zeros = builder.Sum(isZero, axes, keepDims: true);
        var others = builder.Sub(zeros, builder.CastTo(isZero, DType.Int64));
        var quotient = builder.Div(product, builder.Where(isZero, builder.Constant(builder.DTypeOf(x), 1), x));
        return builder.Mul(builder.Widen(gradient), builder.Where(builder.Eq(others, 0), quotient, 0));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(type is DType.Float32 or DType.Float64 ? 500 : 4);
}
