using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The greatest element over axes, which must have elements; NaN if there is one. Equal elements share the gradient equally.</summary>
public sealed class Max : DifferentiableReductionForm
{
    private Max() : base("max") { }

    /// <summary>The form.</summary>
    public static Max Form { get; } = new();

    /// <inheritdoc/>
    protected override bool NeedsElements => true;

    /// <inheritdoc/>
    protected override Value Reduce(IrBuilder builder, Value x, long[] axes, Attributes attributes) =>
        builder.PrimReduce(builder.DTypeOf(x) == DType.Bool ? Primitives.ReduceOr : Primitives.ReduceMax, x, axes);

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient, long[] axes)
    {
        var builder = context.Builder;
        var chosen = builder.Eq(context.Operand(0), Kept(context, context.Result(), axes));
        var share = builder.Div(gradient, builder.CastTo(builder.Sum(chosen, axes, keepDims: true), builder.DTypeOf(gradient)));
        return builder.Where(chosen, share, 0);
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;
}
