namespace LazyHost.Lowering.Programs;

/// <summary>The kinds of <see cref="KernelExpression"/>.</summary>
public enum KernelExpressionKind
{
    /// <summary>An element of a buffer: <see cref="KernelExpression.Index"/> names the access.</summary>
    Load,
    /// <summary>A number from the scalar block: <see cref="KernelExpression.Index"/> is the slot.</summary>
    Scalar,
    /// <summary>A literal: <see cref="KernelExpression.Bits"/> in the form of the scalar block.</summary>
    Constant,
    /// <summary>The loop index of dimension <see cref="KernelExpression.Index"/>, as i64.</summary>
    LoopIndex,
    /// <summary>An element-wise primitive of earlier expressions: unary, binary, comparison, select, cast or bitcast.</summary>
    Apply,
    /// <summary>The result of reduction <see cref="KernelExpression.Index"/> of stage <see cref="KernelExpression.Bits"/>: one value for each outer point.</summary>
    Reduced,
}
