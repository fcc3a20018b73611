using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>True where x is 0.</summary>
public sealed class LogicalNot : OperatorForm
{
    private LogicalNot() : base("logical_not") { }

    /// <summary>The form.</summary>
    public static LogicalNot Form { get; } = new();

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (1, 1);

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs) => outputs[0] = context.Operands[0].With(DType.Bool);

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) =>
        [builder.Prim(Primitives.Not, builder.IsTrue(operands[0]))];

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) => SampleSets.Unary(type, 0, 1.5);
}
