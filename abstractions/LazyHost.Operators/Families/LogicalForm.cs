using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The base of logical operators: elements of any types, of which all but 0 are true (NaN too); bool results.</summary>
public abstract class LogicalForm(string name, Primitive primitive) : BinaryForm(name)
{
    /// <inheritdoc/>
    public sealed override IReadOnlyList<DType> DTypes => LazyHost.DTypes.All;

    /// <inheritdoc/>
    protected sealed override DType CommonType(DType a, DType b) => DType.Bool;

    /// <inheritdoc/>
    protected sealed override (double Low, double High) FirstRange => (0, 1.5);

    /// <inheritdoc/>
    protected sealed override Value Formula(IrBuilder builder, Value a, Value b) => builder.Prim(primitive, a, b);

    /// <inheritdoc/>
    public sealed override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;
}
