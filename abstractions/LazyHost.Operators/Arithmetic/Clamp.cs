using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>min(max(x, lo), hi): x brought between two bounds that broadcast against it. NaN stays NaN; where lo is above hi the result is hi.</summary>
public sealed class Clamp : OperatorForm
{
    private Clamp() : base("clamp") { }

    /// <summary>The form.</summary>
    public static Clamp Form { get; } = new();

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (3, 3);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (x, low, high) = (context.Operands[0], context.Operands[1], context.Operands[2]);
        var type = LazyHost.DTypes.Promote(LazyHost.DTypes.Promote(x.DType, low.DType), high.DType);
        Rules.RequireDType(type, Rules.Numbers);
        outputs[0] = new(type, LazyHost.Shape.Broadcast(LazyHost.Shape.Broadcast(x.Shape, low.Shape), high.Shape));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = LazyHost.DTypes.Promote(LazyHost.DTypes.Promote(builder.DTypeOf(operands[0]), builder.DTypeOf(operands[1])), builder.DTypeOf(operands[2]));
        return [builder.Minimum(builder.Maximum(builder.PrimCast(operands[0], type), operands[1]), operands[2])];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        var builder = context.Builder;
        var (x, low, high) = (context.Operand(0), context.Operand(1), context.Operand(2));
        if (context.Needs(0)) context.SetFitted(0, builder.Where(builder.LogicalAnd(builder.Ge(x, low), builder.Le(x, high)), gradient, 0));
        if (context.Needs(1)) context.SetFitted(1, builder.Where(builder.LogicalAnd(builder.Lt(x, low), builder.Lt(low, high)), gradient, 0));
        if (context.Needs(2)) context.SetFitted(2, builder.Where(builder.LogicalOr(builder.Gt(x, high), builder.Lt(high, low)), gradient, 0));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        foreach (var (kind, shape) in SampleSets.Shapes)
            yield return new(kind, [SampleSets.Input(type, shape, -4, 4), SampleSets.Input(type, [], -2, 0), SampleSets.Input(type, [], 1, 3)]);
        yield return new(ShapeClass.Broadcast, [SampleSets.Input(type, [4, 1, 5]), SampleSets.Input(type, [3, 1]), SampleSets.Input(type, [5])]);
    }
}
