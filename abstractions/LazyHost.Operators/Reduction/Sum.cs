using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The sum over axes; 0 when there is nothing to add. Bool and integers give i64, wrapping; f16 and bf16 are added in f32.</summary>
public sealed class Sum : DifferentiableReductionForm
{
    private Sum() : base("sum") { }

    /// <summary>The form.</summary>
    public static Sum Form { get; } = new();

    /// <inheritdoc/>
    protected override DType ResultType(DType type) => type.IsFloat() ? type : DType.Int64;

    /// <inheritdoc/>
    protected override Value Reduce(IrBuilder builder, Value x, long[] axes, Attributes attributes) =>
        builder.PrimReduce(Primitives.ReduceSum, builder.PrimCast(x, ResultType(builder.DTypeOf(x)).ComputeType()), axes);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient, long[] axes) =>
        context.Builder.BroadcastTo(gradient, context.OperandType(0).Shape);

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) =>
        type is DType.Float32 or DType.Float64 ? IR.Tolerance.Default(type).Times(50) : IR.Tolerance.Default(type).Times(2);
}
