using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The gradient of <see cref="AveragePool"/>: each element of the result's gradient is spread evenly over its window. Operand: the gradient of the
/// result. Attributes of the pooling, and input_sizes: the pooled sizes of the input.
/// </summary>
public sealed class AveragePoolBackward : OperatorForm
{
    private AveragePoolBackward() : base("average_pool_backward",
        [.. PoolGeometry.Specs, AveragePool.CountIncludePad, new("input_sizes", AttributeKind.Ints)]) { }

    /// <summary>The form.</summary>
    public static AveragePoolBackward Form { get; } = new();

    internal static Attributes Encode(PoolGeometry geometry, bool countIncludePad, ReadOnlySpan<long> inputSizes) =>
        IR.Attributes.Of(geometry.Kernel, geometry.Strides, geometry.Low, geometry.High, countIncludePad, inputSizes.ToArray());

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (1, 1);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var gradient = context.Operands[0];
        Rules.RequireDType(gradient.DType, DTypes);
        var x = Input(gradient, context.Attributes);
        Rules.RequireSame(x.With(PoolGeometry.Read(this, context.Attributes).Result(x)), gradient);
        outputs[0] = x;
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var geometry = PoolGeometry.Read(this, attributes);
        var gradient = builder.TypeOf(operands[0]);
        var x = Input(gradient, attributes);
        var spread = builder.Div(builder.PrimCast(operands[0], x.DType.ComputeType()),
            AveragePool.Divisor(builder, x, geometry, attributes.Bool(Attributes, 4)));
        var (window, strides, low, _) = geometry.Over(x.Shape.Rank);
        var (before, after, between) = (new long[x.Shape.Rank], new long[x.Shape.Rank], new long[x.Shape.Rank]);
        for (var i = 0; i < x.Shape.Rank; i++)
        {
            between[i] = strides[i] - 1;
            before[i] = window[i] - 1 - low[i];
            // An empty dimension has no last element to count from; only those of window 1 may be empty.
            after[i] = gradient.Shape[i] == 0 ? 0 : x.Shape[i] + window[i] - 1 - before[i] - ((gradient.Shape[i] - 1) * strides[i]) - 1;
        }
        var padded = builder.Pad(spread, 0, before, after, between);
        var ones = ConvolutionGeometry.Ones(window.Length);
        var none = new long[window.Length];
        return [builder.PrimCast(builder.Emit(Primitives.ReduceWindow, [padded], IR.Attributes.Of(0, window, ones, none, none)), x.DType)];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (!context.Needs(0) || context.OutputGradient() is not { } gradient) return;
        var geometry = PoolGeometry.Read(this, context.Attributes);
        context.Set(0, context.Builder.Emit(AveragePool.Form, [gradient],
            AveragePool.Encode(geometry.Kernel, geometry.Strides, geometry.Low, geometry.High, context.Attributes.Bool(Attributes, 4))));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => AveragePool.Form.Tolerance(type);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        foreach (var sample in AveragePool.Form.Samples(type))
        {
            var x = sample.Inputs[0].Type;
            var geometry = PoolGeometry.Read(AveragePool.Form, sample.Attributes);
            yield return new(sample.Class, [SampleSets.Input(type, geometry.Result(x))],
                Encode(geometry, sample.Attributes.Bool(AveragePool.Form.Attributes, 4), x.Shape.Sizes[^geometry.Kernel.Length..]));
        }
    }

    private TensorType Input(TensorType gradient, Attributes attributes)
    {
        var sizes = attributes.Ints(Attributes, 5);
        Rules.RequireShape(gradient.Shape.Rank >= sizes.Length, $"the gradient {gradient} has fewer dimensions than the {sizes.Length} pooled ones");
        return gradient.With(LazyHost.Shape.Create([.. gradient.Shape.Sizes[..^sizes.Length], .. sizes]));
    }
}
