using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>Values joined along an axis; sizes must be equal along the others. Attribute axis. Element types are converted to their common one.</summary>
public sealed class Concat : OperatorForm
{
    private Concat() : base("concat", new AttributeSpec("axis", AttributeKind.Int)) { }

    /// <summary>The form.</summary>
    public static Concat Form { get; } = new();

    /// <summary>Encodes the attributes; a negative axis counts from the end.</summary>
    public static Attributes Encode(long axis) => IR.Attributes.Of(axis);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (1, int.MaxValue);

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var first = context.Operands[0];
        var axis = first.Shape.Axis(context.Int(0));
        var (type, dims) = (first.DType, Rules.Dims(first.Shape));
        foreach (var other in context.Operands[1..])
        {
            type = LazyHost.DTypes.Promote(type, other.DType);
            Rules.RequireShape(other.Shape.Rank == dims.Length, $"cannot join {first} and {other}: ranks must be equal");
            for (var i = 0; i < dims.Length; i++)
                if (i == axis) dims[i] = dims[i].Size + other.Shape[i];
                else Rules.RequireShape(other.Shape[i] == dims[i].Size,
                    $"cannot join {first} and {other} along axis {axis}: dimension {i} is {dims[i]} in one and {other.Shape.Dim(i)} in the other");
        }
        outputs[0] = new(type, LazyHost.Shape.Create(dims));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = builder.DTypeOf(operands[0]);
        foreach (var operand in operands) type = LazyHost.DTypes.Promote(type, builder.DTypeOf(operand));
        var parts = new Value[operands.Length];
        for (var i = 0; i < parts.Length; i++) parts[i] = builder.PrimCast(operands[i], type);
        return [parts.Length == 1 ? parts[0] : builder.Emit(Primitives.Concat, parts,
            IR.Attributes.Of(builder.ShapeOf(parts[0]).Axis(attributes.Int(Attributes, 0))))];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        var axis = context.ResultType().Shape.Axis(context.Attributes.Int(Attributes, 0));
        long start = 0;
        for (var i = 0; i < context.OperandCount; i++)
        {
            var end = start + context.OperandType(i).Shape[axis];
            if (context.Needs(i)) context.SetFitted(i, context.Builder.Slice(gradient, axis, start, end));
            start = end;
        }
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [0, 3]), SampleSets.Input(type, [2, 3])], Encode(0));
        yield return new(ShapeClass.SizeOne, [SampleSets.Input(type, [1, 1]), SampleSets.Input(type, [1, 1])], Encode(-1));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5, 7]), SampleSets.Input(type, [3, 2, 7]), SampleSets.Input(type, [3, 1, 7])], Encode(1));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025]), SampleSets.Input(type, [33, 500])], Encode(1));
    }
}
