using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The gradient of a convolution by its filters. Operands: x, and the gradient of the result. Attributes of the convolution, and kernel_sizes: the
/// spatial sizes of the filters.
/// </summary>
public sealed class ConvolutionBackwardWeight : OperatorForm
{
    private ConvolutionBackwardWeight() : base("convolution_backward_weight", [.. ConvolutionGeometry.Specs, new("kernel_sizes", AttributeKind.Ints)]) { }

    /// <summary>The form.</summary>
    public static ConvolutionBackwardWeight Form { get; } = new();

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (x, gradient) = (context.Operands[0], context.Operands[1]);
        var type = LazyHost.DTypes.Promote(x.DType, gradient.DType);
        Rules.RequireDType(type, DTypes);
        Rules.RequireShape(x.Shape.Rank >= 3 && gradient.Shape.Rank == x.Shape.Rank, $"{x} and the gradient {gradient} must have one rank, of at least 3");
        var geometry = ConvolutionGeometry.Read(this, context.Attributes);
        Rules.RequireAttribute(geometry.Groups > 0, $"groups must be positive but are {geometry.Groups}");
        var w = LazyHost.Shape.Create([gradient.Shape[1], x.Shape[1] / geometry.Groups, .. context.Ints(5)]);
        Rules.RequireSame(gradient, gradient.With(geometry.Result(x, new(type, w))));
        outputs[0] = new(type, w);
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = LazyHost.DTypes.Promote(builder.DTypeOf(operands[0]), builder.DTypeOf(operands[1]));
        var (x, gradient) = (builder.PrimCast(operands[0], type), builder.PrimCast(operands[1], type));
        var geometry = ConvolutionGeometry.Read(this, attributes);
        var kernel = attributes.Ints(Attributes, 5);
        var (shape, result, groups) = (builder.ShapeOf(x), builder.ShapeOf(gradient), geometry.Groups);
        var high = new long[geometry.Rank];
        for (var i = 0; i < geometry.Rank; i++)
        {
            // What a stride that does not divide left over takes no part.
            var reach = (geometry.Dilation[i] * (kernel[i] - 1)) + ((result[i + 2] - 1) * geometry.Strides[i]) + 1;
            high[i] = reach - shape[i + 2] - geometry.Low[i];
        }
        // Items become channels: x[N, C, ...] is [C / groups, groups * N, ...] and the gradient [O, N, ...] is its filters.
        var channels = shape[1] / groups;
        var spatial = shape.Sizes[2..].ToArray();
        var grouped = builder.Reshape(x, LazyHost.Shape.Create([shape[0], groups, channels, .. spatial]));
        grouped = builder.MoveAxis(builder.MoveAxis(grouped, 2, 0), 2, 1);
        grouped = builder.Reshape(grouped, LazyHost.Shape.Create([channels, groups * shape[0], .. spatial]));
        var product = ConvolutionGeometry.Emit(builder, grouped, builder.MoveAxis(gradient, 1, 0),
            geometry.Dilation, geometry.Low, high, ConvolutionGeometry.Ones(geometry.Rank), geometry.Strides, groups);
        return [builder.MoveAxis(product, 1, 0)];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        var geometry = ConvolutionGeometry.Read(this, context.Attributes);
        if (context.Needs(0))
            context.SetFitted(0,
                context.Builder.Emit(ConvolutionBackwardInput.Form, [context.Operand(1), gradient], geometry.Encode(context.OperandType(0).Shape)));
        if (context.Needs(1)) context.SetFitted(1, context.Builder.Emit(Convolution.Form, [context.Operand(0), gradient], geometry.Encode()));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => Convolution.Form.Tolerance(type).Times(type is DType.Float32 or DType.Float64 ? 4 : 1);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        foreach (var sample in Convolution.Form.Samples(type))
        {
            var (x, w) = (sample.Inputs[0].Type, sample.Inputs[1].Type);
            var geometry = ConvolutionGeometry.Read(Convolution.Form, sample.Attributes);
            yield return new(sample.Class, [sample.Inputs[0], SampleSets.Input(type, geometry.Result(x, w))], geometry.Encode(w.Shape));
        }
    }
}
