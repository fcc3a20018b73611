using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>True where every element over the axes is not 0, and when there is none.</summary>
public sealed class All : ReductionForm
{
    private All() : base("all") { }

    /// <summary>The form.</summary>
    public static All Form { get; } = new();

    /// <inheritdoc/>
    protected override DType ResultType(DType type) => DType.Bool;

    /// <inheritdoc/>
    protected override Value Reduce(IrBuilder builder, Value x, long[] axes, Attributes attributes) =>
        builder.PrimReduce(Primitives.ReduceAnd, builder.IsTrue(x), axes);

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;
}
