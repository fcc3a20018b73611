namespace LazyHost.IR;

/// <summary>Receives nodes: a tape while gradients are recorded, a <see cref="GraphBuilder"/> while operators are decomposed.</summary>
public abstract class IrBuilder
{
    /// <summary>The type of a value made by this builder.</summary>
    public abstract TensorType TypeOf(Value value);

    /// <summary>Adds a node and returns its first output.</summary>
    /// <exception cref="LazyHostException">The operator cannot take these operands; nothing was added.</exception>
    public abstract Value Emit(OperatorForm form, ReadOnlySpan<Value> operands, Attributes attributes = default);

    /// <summary>The shape of a value.</summary>
    public Shape ShapeOf(Value value) => TypeOf(value).Shape;

    /// <summary>The element type of a value.</summary>
    public DType DTypeOf(Value value) => TypeOf(value).DType;
}
