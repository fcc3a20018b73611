using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The base of operators that find the index of an element along one axis. Attributes: axis (a negative one counts from the end), keep_dims.</summary>
public abstract class ArgReductionForm(string name, Primitive primitive) : OperatorForm(name, new("axis", AttributeKind.Int),
    new("keep_dims", AttributeKind.Bool))
{
    /// <inheritdoc/>
    public sealed override (int Least, int Most) OperandCount => (1, 1);

    /// <inheritdoc/>
    public sealed override IReadOnlyList<DType> DTypes => Rules.Numbers;

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(long axis, bool keepDims = false) => IR.Attributes.Of(axis, keepDims);

    /// <inheritdoc/>
    public sealed override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var x = context.Operands[0];
        Rules.RequireDType(x.DType, DTypes);
        long[] axes = [x.Shape.Axis(context.Int(0))];
        Rules.RequireShape(x.Shape[(int)axes[0]] > 0, $"axis {context.Int(0)} of {x} has no elements to choose from");
        outputs[0] = new(DType.Int64, context.Bool(1) ? Rules.WithOnes(x.Shape, axes) : Rules.Without(x.Shape, axes));
    }

    /// <inheritdoc/>
    public sealed override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var shape = builder.ShapeOf(operands[0]);
        var axis = shape.Axis(attributes.Int(Attributes, 0));
        var result = builder.Emit(primitive, [operands[0]], IR.Attributes.Of(axis));
        return [attributes.Bool(Attributes, 1) ? builder.PrimReshape(result, Rules.WithOnes(shape, [axis])) : result];
    }

    /// <inheritdoc/>
    public sealed override IEnumerable<OperatorSample> Samples(DType type)
    {
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [0, 3])], Encode(1));
        yield return new(ShapeClass.SizeOne, [SampleSets.Input(type, [1, 1])], Encode(0));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5, 7])], Encode(-2, true));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025])], Encode(-1));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025])], Encode(0));
    }
}
