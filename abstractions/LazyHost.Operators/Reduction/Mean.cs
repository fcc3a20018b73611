using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The mean over axes; NaN when there is nothing to average. Bool and integers give f32; f16 and bf16 are added in f32.</summary>
public sealed class Mean : DifferentiableReductionForm
{
    private Mean() : base("mean") { }

    /// <summary>The form.</summary>
    public static Mean Form { get; } = new();

    /// <inheritdoc/>
    protected override DType ResultType(DType type) => Rules.ToFloat(type);

    /// <inheritdoc/>
    protected override Value Reduce(IrBuilder builder, Value x, long[] axes, Attributes attributes)
    {
        var sum = builder.PrimReduce(Primitives.ReduceSum, builder.PrimCast(x, ResultType(builder.DTypeOf(x)).ComputeType()), axes);
        return builder.Prim(Primitives.Div, sum, builder.Splat(sum, Rules.Count(builder.ShapeOf(x), axes)));
    }

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient, long[] axes)
    {
        var shape = context.OperandType(0).Shape;
        return context.Builder.BroadcastTo(context.Builder.Div(gradient, Rules.Count(shape, axes)), shape);
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) =>
        type is DType.Float32 or DType.Float64 ? IR.Tolerance.Default(type).Times(50) : IR.Tolerance.Default(type).Times(2);
}
