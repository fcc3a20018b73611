using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The squared difference of two operands that broadcast, converted to their common floating-point type. Attribute reduction: "none", "mean" or "sum".
/// f16 and bf16 are computed in f32.
/// </summary>
public sealed class MseLoss : OperatorForm
{
    private MseLoss() : base("mse_loss", LossReduction.Spec) { }

    /// <summary>The form.</summary>
    public static MseLoss Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(string reduction = "mean") => IR.Attributes.Of(reduction);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var type = LazyHost.DTypes.Promote(context.Operands[0].DType, context.Operands[1].DType);
        Rules.RequireDType(type, DTypes);
        var shape = LazyHost.Shape.Broadcast(context.Operands[0].Shape, context.Operands[1].Shape);
        var reduction = context.Attributes.Text(Attributes, 0);
        LossReduction.Require(reduction);
        outputs[0] = new(type, reduction == "none" ? shape : []);
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = LazyHost.DTypes.Promote(builder.DTypeOf(operands[0]), builder.DTypeOf(operands[1]));
        var square = builder.Square(builder.Sub(builder.PrimCast(operands[0], type.ComputeType()), builder.PrimCast(operands[1], type.ComputeType())));
        var result = attributes.Text(Attributes, 0) switch { "none" => square, "sum" => builder.Sum(square), _ => builder.Mean(square) };
        return [builder.PrimCast(result, type)];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient || !(context.Needs(0) || context.Needs(1))) return;
        var builder = context.Builder;
        var wide = builder.DTypeOf(gradient).ComputeType();
        var difference = builder.Sub(builder.CastTo(context.Operand(0), wide), builder.CastTo(context.Operand(1), wide));
        var scale = context.Attributes.Text(Attributes, 0) == "mean" ? 2.0 / builder.ShapeOf(difference).ElementCount : 2;
        var slope = builder.Mul(difference, builder.Mul(builder.Widen(gradient), scale));
        if (context.Needs(0)) context.SetFitted(0, slope);
        if (context.Needs(1)) context.SetFitted(1, builder.Neg(slope));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => LossReduction.Tolerance(type);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        string[] reductions = ["none", "mean", "sum"];
        return reductions.SelectMany(r => SampleSets.Binary(type, (-2, 2), (-2, 2)).Select(sample => sample with { Attributes = Encode(r) }));
    }
}
