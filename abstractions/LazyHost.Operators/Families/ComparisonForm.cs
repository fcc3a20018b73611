using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The base of comparisons: elements of any types, bool results. Comparisons with NaN are false, but "not equal" is true.</summary>
public abstract class ComparisonForm(string name, Primitive primitive) : BinaryForm(name)
{
    /// <inheritdoc/>
    public sealed override IReadOnlyList<DType> DTypes => LazyHost.DTypes.All;

    /// <inheritdoc/>
    protected sealed override DType CommonType(DType a, DType b)
    {
        var common = base.CommonType(a, b);
        // Primitives put no order on bool; false is below true.
        return primitive.DTypes.Contains(common) ? common : DType.UInt8;
    }

    /// <inheritdoc/>
    protected sealed override DType ResultType(DType common) => DType.Bool;

    /// <inheritdoc/>
    protected sealed override Value Formula(IrBuilder builder, Value a, Value b) => builder.Prim(primitive, a, b);

    /// <inheritdoc/>
    public sealed override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;
}
