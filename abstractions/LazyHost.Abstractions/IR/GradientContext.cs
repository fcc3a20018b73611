namespace LazyHost.IR;

/// <summary>What an operator's gradient sees, and where it leaves its answer. Values are fetched only when asked for, so ask for what the formula needs.</summary>
public abstract class GradientContext
{
    /// <summary>Where gradient nodes go.</summary>
    public abstract IrBuilder Builder { get; }

    /// <summary>The attributes of the node.</summary>
    public abstract Attributes Attributes { get; }

    /// <summary>The number of operands.</summary>
    public abstract int OperandCount { get; }

    /// <summary>The operand's value.</summary>
    public abstract Value Operand(int index);

    /// <summary>The operand's type, without asking for its value.</summary>
    public abstract TensorType OperandType(int index);

    /// <summary>The node's own result.</summary>
    public abstract Value Result(int output = 0);

    /// <summary>The type of the node's own result.</summary>
    public abstract TensorType ResultType(int output = 0);

    /// <summary>The gradient that has arrived at an output, or null when none has.</summary>
    public abstract Value? OutputGradient(int output = 0);

    /// <summary>True when the operand needs a gradient.</summary>
    public abstract bool Needs(int operand);

    /// <summary>Hands over the gradient of an operand: of the operand's own type and shape.</summary>
    public abstract void Set(int operand, Value gradient);
}
