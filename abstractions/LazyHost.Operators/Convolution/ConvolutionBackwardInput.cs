using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The gradient of a convolution by its input. Operands: the gradient of the result, and w. Attributes of the convolution, and input_sizes: the spatial
/// sizes of the input.
/// </summary>
public sealed class ConvolutionBackwardInput : OperatorForm
{
    private ConvolutionBackwardInput() : base("convolution_backward_input", [.. ConvolutionGeometry.Specs, new("input_sizes", AttributeKind.Ints)]) { }

    /// <summary>The form.</summary>
    public static ConvolutionBackwardInput Form { get; } = new();

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (gradient, w) = (context.Operands[0], context.Operands[1]);
        var type = LazyHost.DTypes.Promote(gradient.DType, w.DType);
        Rules.RequireDType(type, DTypes);
        Rules.RequireShape(gradient.Shape.Rank >= 3 && w.Shape.Rank == gradient.Shape.Rank,
            $"the gradient {gradient} and filters {w} must have one rank, of at least 3");
        var geometry = ConvolutionGeometry.Read(this, context.Attributes);
        var x = LazyHost.Shape.Create([gradient.Shape[0], w.Shape[1] * geometry.Groups, .. context.Ints(5)]);
        Rules.RequireSame(gradient, gradient.With(geometry.Result(new(type, x), w)));
        outputs[0] = new(type, x);
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = LazyHost.DTypes.Promote(builder.DTypeOf(operands[0]), builder.DTypeOf(operands[1]));
        var (gradient, w) = (builder.PrimCast(operands[0], type), builder.PrimCast(operands[1], type));
        var geometry = ConvolutionGeometry.Read(this, attributes);
        var inputs = attributes.Ints(Attributes, 5);
        var (shape, filters, groups) = (builder.ShapeOf(gradient), builder.ShapeOf(w), geometry.Groups);
        var (low, high, spatial) = (new long[geometry.Rank], new long[geometry.Rank], new long[geometry.Rank]);
        for (var i = 0; i < geometry.Rank; i++)
        {
            spatial[i] = i + 2;
            var reach = geometry.Dilation[i] * (filters[i + 2] - 1);
            low[i] = reach - geometry.Low[i];
            high[i] = inputs[i] - (((shape[i + 2] - 1) * geometry.Strides[i]) + 1) - low[i] + reach;
        }
        // w[O, C / groups, ...] becomes [C, O / groups, ...], turned round.
        var turned = builder.Flip(w, spatial);
        var kernel = filters.Sizes[2..].ToArray();
        turned = builder.Reshape(turned, LazyHost.Shape.Create([groups, filters[0] / groups, filters[1], .. kernel]));
        turned = builder.Reshape(builder.MoveAxis(turned, 2, 1), LazyHost.Shape.Create([groups * filters[1], filters[0] / groups, .. kernel]));
        return [ConvolutionGeometry.Emit(builder, gradient, turned, ConvolutionGeometry.Ones(geometry.Rank), low, high, geometry.Strides,
            geometry.Dilation, groups)];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        var geometry = ConvolutionGeometry.Read(this, context.Attributes);
        if (context.Needs(0)) context.SetFitted(0, context.Builder.Emit(Convolution.Form, [gradient, context.Operand(1)], geometry.Encode()));
        if (context.Needs(1))
            context.SetFitted(1,
                context.Builder.Emit(ConvolutionBackwardWeight.Form, [gradient, context.Operand(0)], geometry.Encode(context.OperandType(1).Shape)));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => Convolution.Form.Tolerance(type);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        foreach (var sample in Convolution.Form.Samples(type))
        {
            var (x, w) = (sample.Inputs[0].Type, sample.Inputs[1].Type);
            var geometry = ConvolutionGeometry.Read(Convolution.Form, sample.Attributes);
            yield return new(sample.Class, [SampleSets.Input(type, geometry.Result(x, w)), sample.Inputs[1]], geometry.Encode(x.Shape));
        }
    }
}
