using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The operand itself, cut off from gradients.</summary>
public sealed class Detach : OperatorForm
{
    private Detach() : base("detach") { }

    /// <summary>The form.</summary>
    public static Detach Form { get; } = new();

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (1, 1);

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs) => outputs[0] = context.Operands[0];

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) => [operands[0]];

    /// <inheritdoc/>
    public override Value? WriteThrough(IrBuilder builder, Value viewed, Value written, Attributes attributes) => written;

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) => SampleSets.Unary(type);
}
