using LazyHost.IR;

namespace LazyHost.Backends;

/// <summary>The question whether a backend can run a node.</summary>
public readonly ref struct OperatorQuery(OperatorForm form, Attributes attributes, ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> outputs)
{
    /// <summary>The operator; a <see cref="Primitive"/> has a kind to switch on.</summary>
    public OperatorForm Form { get; } = form;

    /// <summary>Its attributes.</summary>
    public Attributes Attributes { get; } = attributes;

    /// <summary>The types of the operands.</summary>
    public ReadOnlySpan<TensorType> Operands { get; } = operands;

    /// <summary>The types of the outputs.</summary>
    public ReadOnlySpan<TensorType> Outputs { get; } = outputs;
}
