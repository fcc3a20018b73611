using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The convolution (cross-correlation, as in PyTorch) of x[N, C, spatial...] with w[O, C / groups, spatial...], plus bias[O] if given, over one, two,
/// three or more spatial dimensions. Operands x, w, optionally bias, converted to their common element type. Attributes, one each per spatial dimension:
/// strides, low and high (zeros put before and after), dilation (distance between filter elements); and groups.
/// </summary>
public sealed class Convolution : OperatorForm
{
    private Convolution() : base("convolution", ConvolutionGeometry.Specs) { }

    /// <summary>The form.</summary>
    public static Convolution Form { get; } = new();

    /// <summary>Encodes the attributes; the same padding on both sides.</summary>
    public static Attributes Encode(ReadOnlySpan<long> strides, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation, long groups = 1) =>
        Encode(strides, padding, padding, dilation, groups);

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(ReadOnlySpan<long> strides, ReadOnlySpan<long> low, ReadOnlySpan<long> high, ReadOnlySpan<long> dilation, long groups) =>
        IR.Attributes.Of(strides.ToArray(), low.ToArray(), high.ToArray(), dilation.ToArray(), groups);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (2, 3);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (x, w) = (context.Operands[0], context.Operands[1]);
        var type = x.DType;
        foreach (var operand in context.Operands) type = LazyHost.DTypes.Promote(type, operand.DType);
        Rules.RequireDType(type, DTypes);
        outputs[0] = new(type, ConvolutionGeometry.Read(this, context.Attributes).Result(x, w));
        if (context.Operands.Length < 3) return;
        var bias = context.Operands[2];
        Rules.RequireShape(bias.Shape.Rank == 1 && bias.Shape[0] == w.Shape[0], $"bias {bias} does not fit filters {w}: it must hold {w.Shape[0]} numbers");
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = builder.DTypeOf(operands[0]);
        foreach (var operand in operands) type = LazyHost.DTypes.Promote(type, builder.DTypeOf(operand));
        var geometry = ConvolutionGeometry.Read(this, attributes);
        var result = ConvolutionGeometry.Emit(builder, builder.PrimCast(operands[0], type), builder.PrimCast(operands[1], type),
            geometry.Strides, geometry.Low, geometry.High, ConvolutionGeometry.Ones(geometry.Rank), geometry.Dilation, geometry.Groups);
        if (operands.Length < 3) return [result];
        var bias = builder.PrimReshape(operands[2], LazyHost.Shape.Create([builder.ShapeOf(operands[2])[0], .. ConvolutionGeometry.Ones(geometry.Rank)]));
        return [builder.Add(result, bias)];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        var builder = context.Builder;
        var geometry = ConvolutionGeometry.Read(this, context.Attributes);
        if (context.Needs(0))
            context.SetFitted(0,
                builder.Emit(ConvolutionBackwardInput.Form, [gradient, context.Operand(1)], geometry.Encode(context.OperandType(0).Shape)));
        if (context.Needs(1))
            context.SetFitted(1,
                builder.Emit(ConvolutionBackwardWeight.Form, [context.Operand(0), gradient], geometry.Encode(context.OperandType(1).Shape)));
        if (context.OperandCount > 2 && context.Needs(2)) context.SetFitted(2, builder.Sum(gradient, BatchNormRules.Axes(context.ResultType().Shape)));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(type is DType.Float32 or DType.Float64 ? 50 : 8);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        OperatorSample Of(ShapeClass kind, Shape x, Shape w, bool bias, Attributes attributes)
        {
            SampleInput first = SampleSets.Input(type, x), second = SampleSets.Input(type, w);
            return new(kind, bias ? [first, second, SampleSets.Input(type, [w[0]])] : [first, second], attributes);
        }
        yield return Of(ShapeClass.Empty, [0, 2, 5, 5], [3, 2, 3, 3], true, Encode([1, 1], [1, 1], [1, 1]));
        yield return Of(ShapeClass.SizeOne, [1, 1, 1, 1], [1, 1, 1, 1], true, Encode([1, 1], [0, 0], [1, 1]));
        yield return Of(ShapeClass.Odd, [2, 3, 7, 9], [5, 3, 3, 3], true, Encode([1, 1], [1, 1], [1, 1]));
        yield return Of(ShapeClass.Odd, [2, 3, 8, 9], [5, 3, 3, 2], false, Encode([2, 3], [0, 1], [1, 2]));
        yield return Of(ShapeClass.Odd, [2, 4, 7, 6], [6, 2, 2, 3], true, Encode([2, 1], [1, 0], [0, 2], [1, 1], 2));
        yield return Of(ShapeClass.Odd, [1, 3, 4, 4], [3, 1, 1, 1], false, Encode([2, 2], [2, 2], [1, 1], 3));
        yield return Of(ShapeClass.Odd, [2, 3, 11], [4, 3, 4], true, Encode([2], [1], [2]));
        yield return Of(ShapeClass.Odd, [1, 2, 4, 5, 3], [3, 2, 2, 3, 1], false, Encode([1, 2, 1], [1, 1, 0], [1, 1, 1]));
        yield return Of(ShapeClass.Large, [2, 8, 17, 19], [16, 8, 3, 3], true, Encode([1, 1], [1, 1], [1, 1]));
    }
}
