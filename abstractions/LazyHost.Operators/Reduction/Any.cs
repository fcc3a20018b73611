using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>True where an element over the axes is not 0; false when there is none.</summary>
public sealed class Any : ReductionForm
{
    private Any() : base("any") { }

    /// <summary>The form.</summary>
    public static Any Form { get; } = new();

    /// <inheritdoc/>
    protected override DType ResultType(DType type) => DType.Bool;

    /// <inheritdoc/>
    protected override Value Reduce(IrBuilder builder, Value x, long[] axes, Attributes attributes) =>
        builder.PrimReduce(Primitives.ReduceOr, builder.IsTrue(x), axes);

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;
}
