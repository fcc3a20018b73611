using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The base of element-wise functions with fractional results that are one primitive: integers and bool give f32.</summary>
public abstract class FloatUnaryForm(string name, Primitive primitive) : UnaryForm(name)
{
    /// <inheritdoc/>
    public sealed override IReadOnlyList<DType> DTypes => LazyHost.DTypes.All;

    /// <inheritdoc/>
    protected sealed override DType ResultType(DType type) => Rules.ToFloat(type);

    /// <inheritdoc/>
    protected sealed override Value Formula(IrBuilder builder, Value x, Attributes attributes) => builder.Prim(primitive, x);
}
