using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// log(sum(exp(x))) over axes, without overflow; -inf when there is nothing to add. Integers and bool give f32; f16 and bf16 are computed in f32.
/// </summary>
public sealed class LogSumExp : DifferentiableReductionForm
{
    private LogSumExp() : base("logsumexp") { }

    /// <summary>The form.</summary>
    public static LogSumExp Form { get; } = new();

    /// <inheritdoc/>
    protected override DType ResultType(DType type) => Rules.ToFloat(type);

    /// <inheritdoc/>
    protected override Value Reduce(IrBuilder builder, Value x, long[] axes, Attributes attributes)
    {
        var wide = builder.PrimCast(x, ResultType(builder.DTypeOf(x)).ComputeType());
        var max = builder.PrimReduce(Primitives.ReduceMax, wide, axes);
        // An infinite maximum would give inf - inf: shifting by 0 gives the right infinity.
        var shift = builder.Where(builder.Lt(builder.Abs(max), double.PositiveInfinity), max, 0);
        var shape = builder.ShapeOf(wide);
        var terms = builder.Exp(builder.Sub(wide, builder.PrimReshape(shift, Rules.WithOnes(shape, axes))));
        return builder.Add(builder.Log(builder.PrimReduce(Primitives.ReduceSum, terms, axes)), shift);
    }

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient, long[] axes)
    {
        var builder = context.Builder;
        var share = builder.Exp(builder.Sub(builder.Widen(context.Operand(0)), builder.Widen(Kept(context, context.Result(), axes))));
        return builder.Mul(builder.Widen(gradient), share);
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) =>
        type is DType.Float32 or DType.Float64 ? IR.Tolerance.Default(type).Times(50) : IR.Tolerance.Default(type).Times(2);
}
