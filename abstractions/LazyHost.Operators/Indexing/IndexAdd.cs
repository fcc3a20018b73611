using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// x with whole slices added along an axis at indices. Operands x, indices (i32 or i64) of any rank, and updates shaped as what <see cref="IndexSelect"/> takes
/// from x. Attribute axis. Indices out of range are skipped.
/// </summary>
public sealed class IndexAdd : OperatorForm
{
    private IndexAdd() : base("index_add", new AttributeSpec("axis", AttributeKind.Int)) { }

    /// <summary>The form.</summary>
    public static IndexAdd Form { get; } = new();

    /// <summary>Encodes the attributes; a negative axis counts from the end.</summary>
    public static Attributes Encode(long axis) => IR.Attributes.Of(axis);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (3, 3);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (x, indices) = (context.Operands[0], context.Operands[1]);
        Rules.RequireDType(x.DType, DTypes);
        Rules.RequireIndex(indices.DType);
        Rules.RequireSame(x.With(GatherPrimitive.Replace(x.Shape, x.Shape.Axis(context.Int(0)), indices.Shape)), context.Operands[2]);
        outputs[0] = x;
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) =>
        [builder.Emit(Primitives.Scatter, operands, IR.Attributes.Of(builder.ShapeOf(operands[0]).Axis(attributes.Int(Attributes, 0)), 1))];

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        if (context.Needs(0)) context.Set(0, gradient);
        if (context.Needs(2)) context.Set(2, context.Builder.IndexSelect(gradient, context.Operand(1), context.Attributes.Int(Attributes, 0)));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(8);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        foreach (var sample in IndexSelect.Form.Samples(type))
        {
            var (x, indices) = (sample.Inputs[0], sample.Inputs[1]);
            var axis = x.Type.Shape.Axis(sample.Attributes.Int(Attributes, 0));
            yield return sample with { Inputs = [x, indices, SampleSets.Input(type, GatherPrimitive.Replace(x.Type.Shape, axis, indices.Type.Shape))] };
        }
    }
}
