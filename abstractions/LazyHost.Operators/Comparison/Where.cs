using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>Elements of a where the condition (bool) is true, else of b. The three broadcast; a and b are converted to their common element type.</summary>
public sealed class Where : OperatorForm
{
    private Where() : base("where") { }

    /// <summary>The form.</summary>
    public static Where Form { get; } = new();

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (3, 3);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes { get; } = [DType.Bool];

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (condition, a, b) = (context.Operands[0], context.Operands[1], context.Operands[2]);
        if (condition.DType != DType.Bool) throw new DTypeMismatchException($"the condition is {condition}; it must be bool");
        outputs[0] = new(LazyHost.DTypes.Promote(a.DType, b.DType), LazyHost.Shape.Broadcast(condition.Shape, LazyHost.Shape.Broadcast(a.Shape, b.Shape)));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var (condition, a, b) = (operands[0], operands[1], operands[2]);
        var type = LazyHost.DTypes.Promote(builder.DTypeOf(a), builder.DTypeOf(b));
        var shape = LazyHost.Shape.Broadcast(builder.ShapeOf(condition), LazyHost.Shape.Broadcast(builder.ShapeOf(a), builder.ShapeOf(b)));
        return [builder.PrimSelect(builder.PrimBroadcast(condition, shape),
            builder.PrimBroadcast(builder.PrimCast(a, type), shape), builder.PrimBroadcast(builder.PrimCast(b, type), shape))];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        var zero = context.Builder.Constant(context.Builder.DTypeOf(gradient), 0);
        if (context.Needs(1)) context.SetFitted(1, context.Builder.Where(context.Operand(0), gradient, zero));
        if (context.Needs(2)) context.SetFitted(2, context.Builder.Where(context.Operand(0), zero, gradient));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        foreach (var of in LazyHost.DTypes.All)
        {
            foreach (var (kind, shape) in SampleSets.Shapes)
                yield return new(kind, [SampleSets.Input(type, shape), SampleSets.Input(of, shape), SampleSets.Input(of, shape)]);
            yield return new(ShapeClass.Broadcast, [SampleSets.Input(type, [4, 1, 5]), SampleSets.Input(of, [3, 1]), SampleSets.Input(of, [])]);
        }
    }
}
