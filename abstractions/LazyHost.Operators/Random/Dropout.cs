using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// x / keep with the probability keep for each element, else 0 (Srivastava et al. 2014, scaled in training). Operands x, seed and ordinal (scalars of
/// type u64), keep (a floating-point scalar). The same elements are dropped on every backend, and again in the gradient.
/// </summary>
public sealed class Dropout : OperatorForm
{
    private Dropout() : base("dropout") { }

    /// <summary>The form.</summary>
    public static Dropout Form { get; } = new();

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (4, 4);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var keep = context.Operands[3];
        Rules.RequireDType(context.Operands[0].DType, DTypes);
        RandomRules.RequireSeed(context.Operands, 1);
        if (!keep.DType.IsFloat() || keep.Shape.Rank != 0)
            throw new DTypeMismatchException($"the keep probability is {keep}; it must be a floating-point scalar");
        outputs[0] = context.Operands[0];
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = builder.TypeOf(operands[0]);
        var uniform = RandomRules.Uniform(builder, RandomRules.Bits(builder, operands[1], operands[2], type.Shape, 1), DType.Float32);
        var kept = builder.Lt(uniform, builder.PrimCast(operands[3], DType.Float32));
        var scaled = builder.Div(operands[0], builder.PrimCast(operands[3], type.DType));
        return [builder.Where(kept, scaled, 0)];
    }

    /// <summary>Dropout is linear in x: the gradient goes through the same mask. That of keep takes the mask as it fell.</summary>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        var builder = context.Builder;
        if (context.Needs(0)) context.Set(0, builder.Emit(Form, [gradient, context.Operand(1), context.Operand(2), context.Operand(3)]));
        if (context.Needs(3)) context.SetFitted(3, builder.Neg(builder.Div(builder.Mul(gradient, context.Result()), context.Operand(3))));
    }

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) =>
        SampleSets.Shapes.Select(s => new OperatorSample(s.Class,
            [SampleSets.Input(type, s.Shape), RandomRules.Seed, RandomRules.Seed, SampleSets.Input(type, [], 0.25, 0.9)]));
}
