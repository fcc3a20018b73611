using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The base of softmax and its logarithm. Attribute axis; a negative one counts from the end. f16 and bf16 are computed in f32.</summary>
public abstract class SoftmaxForm(string name) : OperatorForm(name, new AttributeSpec("axis", AttributeKind.Int))
{
    /// <inheritdoc/>
    public sealed override (int Least, int Most) OperandCount => (1, 1);

    /// <inheritdoc/>
    public sealed override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public sealed override bool IsDifferentiable => true;

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(long axis) => IR.Attributes.Of(axis);

    /// <summary>The result, given x less its greatest element along the axis, the exponential of that, and the sum of the exponentials.</summary>
    protected abstract Value Combine(IrBuilder builder, Value shifted, Value exponentials, Value sum);

    /// <summary>The gradient of the operand, given the result and its gradient, all in the type in which they are computed.</summary>
    protected abstract Value Gradient(IrBuilder builder, Value result, Value gradient, int axis);

    /// <inheritdoc/>
    public sealed override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireDType(context.Operands[0].DType, DTypes);
        context.Operands[0].Shape.Axis(context.Int(0));
        outputs[0] = context.Operands[0];
    }

    /// <inheritdoc/>
    public sealed override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = builder.DTypeOf(operands[0]);
        var x = builder.PrimCast(operands[0], type.ComputeType());
        long[] axes = [builder.ShapeOf(x).Axis(attributes.Int(Attributes, 0))];
        var kept = Rules.WithOnes(builder.ShapeOf(x), axes);
        var shifted = builder.Sub(x, builder.PrimReshape(builder.PrimReduce(Primitives.ReduceMax, x, axes), kept));
        var exponentials = builder.Exp(shifted);
        var sum = builder.PrimReshape(builder.PrimReduce(Primitives.ReduceSum, exponentials, axes), kept);
        return [builder.PrimCast(Combine(builder, shifted, exponentials, sum), type)];
    }

    /// <inheritdoc/>
    public sealed override void Gradient(GradientContext context)
    {
        if (!context.Needs(0) || context.OutputGradient() is not { } gradient) return;
        var builder = context.Builder;
        var axis = context.OperandType(0).Shape.Axis(context.Attributes.Int(Attributes, 0));
        context.SetFitted(0, Gradient(builder, builder.Widen(context.Result()), builder.Widen(gradient), axis));
    }

    /// <inheritdoc/>
    public sealed override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(type is DType.Float32 or DType.Float64 ? 10 : 2);

    /// <inheritdoc/>
    public sealed override IEnumerable<OperatorSample> Samples(DType type)
    {
        foreach (var (kind, shape) in SampleSets.Ranked)
        {
            yield return new(kind, [SampleSets.Input(type, shape, -10, 10)], Encode(-1));
            yield return new(kind, [SampleSets.Input(type, shape, -10, 10)], Encode(0));
        }
    }
}
