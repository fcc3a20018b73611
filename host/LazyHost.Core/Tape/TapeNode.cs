using LazyHost.IR;

namespace LazyHost;

/// <summary>One recorded operation: a struct in its segment's array, never an object.</summary>
internal struct TapeNode
{
    public OperatorForm Form;
    public Attributes Attributes;
    public Shape Shape;
    public Tensor? Handle;
    public string? File;
    public int Line;
    /// <summary>Where its operands begin in the segment's operand array.</summary>
    public int Operands;
    public int OperandCount;
    /// <summary>The slot of a parameter or scalar.</summary>
    public int Slot;
    public DType DType;
    public NodeFlags Flags;

    public readonly TensorType Type => new(DType, Shape);
}
