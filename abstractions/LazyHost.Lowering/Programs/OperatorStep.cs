using LazyHost.IR;

namespace LazyHost.Lowering.Programs;

/// <summary>An operator that the backend takes whole, on packed buffers: one whose form has code of its own (<see cref="Backends.IHostKernel"/>).</summary>
/// <param name="Form">The operator.</param>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Inputs">The buffers of its operands; one that is a program scalar is first stored to a temporary by a kernel.</param>
/// <param name="Outputs">The buffers of its results.</param>
/// <param name="Operations">Roughly the number of scalar operations.</param>
public sealed record OperatorStep(OperatorForm Form, Attributes Attributes, IReadOnlyList<int> Inputs, IReadOnlyList<int> Outputs, long Operations) : ProgramStep
{
    /// <inheritdoc/>
    public override long Operations { get; } = Operations;
}
