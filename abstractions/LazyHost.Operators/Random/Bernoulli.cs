using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// 1 with the probability that x gives for each element, else 0, in x's element type; the same on every backend. Operands x (probabilities), seed and ordinal
/// (scalars of type u64). A probability of NaN gives 0.
/// </summary>
public sealed class Bernoulli : OperatorForm
{
    private Bernoulli() : base("bernoulli") { }

    /// <summary>The form.</summary>
    public static Bernoulli Form { get; } = new();

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (3, 3);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireDType(context.Operands[0].DType, DTypes);
        RandomRules.RequireSeed(context.Operands, 1);
        outputs[0] = context.Operands[0];
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = builder.TypeOf(operands[0]);
        var uniform = RandomRules.Uniform(builder, RandomRules.Bits(builder, operands[1], operands[2], type.Shape, 1), DType.Float32);
        return [builder.PrimCast(builder.Lt(uniform, operands[0]), type.DType)];
    }

    /// <summary>A step function has the gradient 0.</summary>
    public override void Gradient(GradientContext context)
    {
        if (context.Needs(0) && context.OutputGradient() is not null) context.SetZero(0);
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) =>
        SampleSets.Shapes.Select(s => new OperatorSample(s.Class, [SampleSets.Input(type, s.Shape, 0, 1), RandomRules.Seed, RandomRules.Seed]));
}
