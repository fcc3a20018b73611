using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The base of operators that map pairs of elements: operands are converted to their common element type and broadcast by numpy's rules.</summary>
public abstract class BinaryForm(string name) : OperatorForm(name)
{
    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    /// <summary>The range the first operand of samples is drawn from.</summary>
    protected virtual (double Low, double High) FirstRange => (-2, 2);

    /// <summary>The range the second operand of samples is drawn from.</summary>
    protected virtual (double Low, double High) SecondRange => (-2, 2);

    /// <summary>The element type in which the operands meet.</summary>
    protected virtual DType CommonType(DType a, DType b) => LazyHost.DTypes.Promote(a, b);

    /// <summary>The element type of the result, given the one in which the operands meet.</summary>
    protected virtual DType ResultType(DType common) => common;

    /// <summary>The function, of two values of equal type and shape.</summary>
    protected abstract Value Formula(IrBuilder builder, Value a, Value b);

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (a, b) = (context.Operands[0], context.Operands[1]);
        var common = CommonType(a.DType, b.DType);
        Rules.RequireDType(common, DTypes);
        outputs[0] = new(ResultType(common), LazyHost.Shape.Broadcast(a.Shape, b.Shape));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var (a, b) = (operands[0], operands[1]);
        var common = CommonType(builder.DTypeOf(a), builder.DTypeOf(b));
        var shape = LazyHost.Shape.Broadcast(builder.ShapeOf(a), builder.ShapeOf(b));
        return [Formula(builder, builder.PrimBroadcast(builder.PrimCast(a, common), shape), builder.PrimBroadcast(builder.PrimCast(b, common), shape))];
    }

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) => SampleSets.Binary(type, FirstRange, SecondRange);
}
