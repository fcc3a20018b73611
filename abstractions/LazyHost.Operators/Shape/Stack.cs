using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>Values of one shape joined along a new axis. Attribute axis, of the result. Element types are converted to their common one.</summary>
public sealed class Stack : OperatorForm
{
    private Stack() : base("stack", new AttributeSpec("axis", AttributeKind.Int)) { }

    /// <summary>The form.</summary>
    public static Stack Form { get; } = new();

    /// <summary>Encodes the attributes; a negative axis counts from the end of the result.</summary>
    public static Attributes Encode(long axis = 0) => IR.Attributes.Of(axis);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (1, int.MaxValue);

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var first = context.Operands[0];
        var type = first.DType;
        foreach (var other in context.Operands[1..])
        {
            type = LazyHost.DTypes.Promote(type, other.DType);
            Rules.RequireShape(other.Shape.Equals(first.Shape), $"cannot stack {first} and {other}: shapes must be equal");
        }
        var dims = Rules.Dims(first.Shape).ToList();
        dims.Insert(Axis(context.Int(0), dims.Count + 1, first.Shape), context.Operands.Length);
        outputs[0] = new(type, LazyHost.Shape.Create([.. dims]));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var axis = Axis(attributes.Int(Attributes, 0), builder.ShapeOf(operands[0]).Rank + 1, builder.ShapeOf(operands[0]));
        var parts = new Value[operands.Length];
        for (var i = 0; i < parts.Length; i++) parts[i] = builder.Unsqueeze(operands[i], axis);
        return [builder.Concat(parts, axis)];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        var axis = Axis(context.Attributes.Int(Attributes, 0), context.ResultType().Shape.Rank, context.OperandType(0).Shape);
        for (var i = 0; i < context.OperandCount; i++)
            if (context.Needs(i)) context.SetFitted(i, context.Builder.Reshape(context.Builder.Slice(gradient, axis, i, i + 1), context.OperandType(i).Shape));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) =>
        SampleSets.Shapes.Select(s => new OperatorSample(s.Class, [SampleSets.Input(type, s.Shape), SampleSets.Input(type, s.Shape)], Encode(-1)));

    private static int Axis(long axis, int rank, Shape shape)
    {
        Rules.RequireAttribute(axis >= -rank && axis < rank, $"axis {axis} is out of range for a stack of {shape}: use {-rank} to {rank - 1}");
        return (int)(axis < 0 ? axis + rank : axis);
    }
}
