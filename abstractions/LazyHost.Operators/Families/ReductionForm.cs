using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The base of reductions over axes. Attributes: axes (negative ones count from the end; none means all), keep_dims.</summary>
public abstract class ReductionForm : OperatorForm
{
    /// <summary>Makes a form with attributes axes, keep_dims and further ones.</summary>
    protected ReductionForm(string name, params AttributeSpec[] more) : base(name,
        [new("axes", AttributeKind.Ints), new("keep_dims", AttributeKind.Bool), .. more]) { }

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (1, 1);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => LazyHost.DTypes.All;

    /// <summary>The range samples are drawn from.</summary>
    protected virtual (double Low, double High) SampleRange => (-2, 2);

    /// <summary>True when the result is undefined where nothing is reduced, so that the shape rule refuses axes of size 0.</summary>
    protected virtual bool NeedsElements => false;

    /// <summary>The element type of the result.</summary>
    protected virtual DType ResultType(DType type) => type;

    /// <summary>The reduction; the axes, rising and counted from 0, disappear.</summary>
    protected abstract Value Reduce(IrBuilder builder, Value x, long[] axes, Attributes attributes);

    /// <summary>Encodes the attributes; no axes means all.</summary>
    public static Attributes Encode(ReadOnlySpan<long> axes = default, bool keepDims = false) => IR.Attributes.Of(axes.ToArray(), keepDims);

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var x = context.Operands[0];
        Rules.RequireDType(x.DType, DTypes);
        var axes = Rules.Axes(context.Ints(0), x.Shape);
        foreach (var axis in axes) Rules.RequireShape(!NeedsElements || x.Shape[(int)axis] > 0, $"axis {axis} of {x} has no elements to choose from");
        outputs[0] = new(ResultType(x.DType), context.Bool(1) ? Rules.WithOnes(x.Shape, axes) : Rules.Without(x.Shape, axes));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var x = operands[0];
        var axes = Rules.Axes(attributes.Ints(Attributes, 0), builder.ShapeOf(x));
        var result = builder.PrimCast(Reduce(builder, x, axes, attributes), ResultType(builder.DTypeOf(x)));
        return [attributes.Bool(Attributes, 1) ? builder.PrimReshape(result, Rules.WithOnes(builder.ShapeOf(x), axes)) : result];
    }

    /// <summary>Encodes the attributes of samples.</summary>
    protected virtual Attributes EncodeSample(long[] axes, bool keepDims) => Encode(axes, keepDims);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        var (low, high) = SampleRange;
        yield return new(ShapeClass.Scalar, [SampleSets.Input(type, [], low, high)], EncodeSample([], false));
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [0, 3], low, high)], EncodeSample([1], false));
        if (!NeedsElements) yield return new(ShapeClass.Empty, [SampleSets.Input(type, [3, 0], low, high)], EncodeSample([-1], true));
        yield return new(ShapeClass.SizeOne, [SampleSets.Input(type, [1, 4, 1], low, high)], EncodeSample([0, 2], false));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5, 7], low, high)], EncodeSample([-2], true));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5, 7], low, high)], EncodeSample([2, 0], false));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025], low, high)], EncodeSample([], false));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025], low, high)], EncodeSample([0], false));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025], low, high)], EncodeSample([1], true));
    }
}
