using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The base of losses over classes. Operands x[N, C, ...] and targets[N, ...] (i32 or i64), the class of each item. Items whose target lies outside
/// 0 .. C-1 are ignored: they lose nothing, get no gradient and do not count in the mean. Attribute reduction: "none", "mean" or "sum".
/// f16 and bf16 are computed in f32.
/// </summary>
public abstract class ClassLossForm(string name) : OperatorForm(name, LossReduction.Spec)
{
    /// <inheritdoc/>
    public sealed override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public sealed override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public sealed override bool IsDifferentiable => true;

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(string reduction = "mean") => IR.Attributes.Of(reduction);

    /// <summary>The loss of each item, given x and its elements at the targets.</summary>
    protected abstract Value Loss(IrBuilder builder, Value x, Value chosen);

    /// <summary>The derivative of each item's loss by x. isTarget is true at the targets.</summary>
    protected abstract Value Derivative(IrBuilder builder, GradientContext context, Value isTarget);

    /// <inheritdoc/>
    public sealed override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (x, targets) = (context.Operands[0], context.Operands[1]);
        Rules.RequireDType(x.DType, DTypes);
        Rules.RequireIndex(targets.DType);
        Rules.RequireShape(x.Shape.Rank >= 2, $"scores are {x}; they must be [items, classes, ...]");
        var items = Rules.Without(x.Shape, [1]);
        Rules.RequireShape(items.Equals(targets.Shape), $"targets {targets} do not fit scores {x}: they must be {items}");
        var reduction = context.Attributes.Text(Attributes, 0);
        LossReduction.Require(reduction);
        outputs[0] = x.With(reduction == "none" ? items : []);
    }

    /// <inheritdoc/>
    public sealed override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var (type, targets) = (builder.DTypeOf(operands[0]), operands[1]);
        var x = builder.PrimCast(operands[0], type.ComputeType());
        var chosen = builder.Sum(builder.Where(IsTarget(builder, targets, builder.ShapeOf(x)), x, 0), [1]);
        var counts = Counts(builder, targets, builder.ShapeOf(x)[1]);
        var losses = builder.Where(counts, Loss(builder, x, chosen), 0);
        var reduction = attributes.Text(Attributes, 0);
        var result = reduction == "none" ? losses : builder.Sum(losses);
        if (reduction == "mean") result = builder.Div(result, builder.CastTo(builder.Sum(counts), builder.DTypeOf(result)));
        return [builder.PrimCast(result, type)];
    }

    /// <inheritdoc/>
    public sealed override void Gradient(GradientContext context)
    {
        if (!context.Needs(0) || context.OutputGradient() is not { } arrived) return;
        var builder = context.Builder;
        var (targets, shape) = (context.Operand(1), context.OperandType(0).Shape);
        var counts = Counts(builder, targets, shape[1]);
        var gradient = builder.Widen(arrived);
        var reduction = context.Attributes.Text(Attributes, 0);
        if (reduction == "mean") gradient = builder.Div(gradient, builder.CastTo(builder.Sum(counts), builder.DTypeOf(gradient)));
        var perItem = builder.Unsqueeze(builder.Where(counts, gradient, 0), 1);
        context.SetFitted(0, builder.Mul(perItem, Derivative(builder, context, IsTarget(builder, targets, shape))));
    }

    /// <inheritdoc/>
    public sealed override Tolerance Tolerance(DType type) => LossReduction.Tolerance(type);

    /// <inheritdoc/>
    public sealed override IEnumerable<OperatorSample> Samples(DType type)
    {
        OperatorSample Of(ShapeClass kind, Shape x, DType index, string reduction) =>
            new(kind, [SampleSets.Input(type, x, -4, 4), new(new(index, Rules.Without(x, [1])), -1, x[1] - 1)], Encode(reduction));
        yield return Of(ShapeClass.Empty, [0, 3], DType.Int64, "sum");
        yield return Of(ShapeClass.SizeOne, [1, 1], DType.Int32, "none");
        yield return Of(ShapeClass.Odd, [5, 7], DType.Int64, "none");
        yield return Of(ShapeClass.Odd, [5, 7], DType.Int64, "mean");
        yield return Of(ShapeClass.Odd, [3, 5, 7], DType.Int32, "sum");
        yield return Of(ShapeClass.Large, [1025, 33], DType.Int64, "mean");
    }

    private static Value IsTarget(IrBuilder builder, Value targets, Shape shape)
    {
        var sizes = new long[shape.Rank];
        Array.Fill(sizes, 1);
        sizes[1] = shape[1];
        return builder.Eq(builder.Unsqueeze(targets, 1), builder.Iota(new(builder.DTypeOf(targets), LazyHost.Shape.Create(sizes)), 1));
    }

    private static Value Counts(IrBuilder builder, Value targets, long classes) => builder.LogicalAnd(builder.Ge(targets, 0), builder.Lt(targets, classes));
}
