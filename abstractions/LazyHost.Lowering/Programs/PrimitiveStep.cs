using LazyHost.IR;

namespace LazyHost.Lowering.Programs;

/// <summary>A library call: a primitive on whole packed buffers that kernels do not express (sort, scatter, convolution, random bits, ...).</summary>
/// <param name="Primitive">Which one.</param>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Inputs">The buffers of its operands; a scalar operand that is a program scalar is first stored to a temporary by a kernel.</param>
/// <param name="Outputs">The buffers of its results.</param>
/// <param name="Operations">Roughly the number of scalar operations.</param>
public sealed record PrimitiveStep(Primitive Primitive, Attributes Attributes, IReadOnlyList<int> Inputs, IReadOnlyList<int> Outputs, long Operations)
    : ProgramStep
{
    /// <inheritdoc/>
    public override long Operations { get; } = Operations;
}
