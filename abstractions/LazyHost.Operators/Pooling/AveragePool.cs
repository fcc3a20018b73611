using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The mean of each window over the last dimensions, as many as the kernel has. Attributes, one number each per pooled dimension: kernel, strides, low
/// and high padding with zeros (less than the kernel); and count_include_pad: true divides by the size of the kernel, false by the elements that are no
/// padding. f16 and bf16 are added in f32.
/// </summary>
public sealed class AveragePool : OperatorForm
{
    private AveragePool() : base("average_pool", [.. PoolGeometry.Specs, CountIncludePad]) { }

    /// <summary>The form.</summary>
    public static AveragePool Form { get; } = new();

    internal static AttributeSpec CountIncludePad => new("count_include_pad", AttributeKind.Bool);

    /// <summary>Encodes the attributes; the same padding on both sides.</summary>
    public static Attributes Encode(ReadOnlySpan<long> kernel, ReadOnlySpan<long> strides, ReadOnlySpan<long> padding, bool countIncludePad = true) =>
        Encode(kernel, strides, padding, padding, countIncludePad);

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(ReadOnlySpan<long> kernel, ReadOnlySpan<long> strides, ReadOnlySpan<long> low, ReadOnlySpan<long> high,
        bool countIncludePad) =>
        IR.Attributes.Of(kernel.ToArray(), strides.ToArray(), low.ToArray(), high.ToArray(), countIncludePad);

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (1, 1);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireDType(context.Operands[0].DType, DTypes);
        outputs[0] = context.Operands[0].With(PoolGeometry.Read(this, context.Attributes).Result(context.Operands[0]));
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = builder.TypeOf(operands[0]);
        var geometry = PoolGeometry.Read(this, attributes);
        var sum = WindowSum(builder, builder.PrimCast(operands[0], type.DType.ComputeType()), geometry);
        return [builder.PrimCast(builder.Div(sum, Divisor(builder, type, geometry, attributes.Bool(Attributes, 4))), type.DType)];
    }

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        if (!context.Needs(0) || context.OutputGradient() is not { } gradient) return;
        var geometry = PoolGeometry.Read(this, context.Attributes);
        context.Set(0, context.Builder.Emit(AveragePoolBackward.Form, [gradient],
            AveragePoolBackward.Encode(geometry, context.Attributes.Bool(Attributes, 4), context.OperandType(0).Shape.Sizes[^geometry.Kernel.Length..])));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(type is DType.Float32 or DType.Float64 ? 50 : 4);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) =>
        from sample in PoolGeometry.Samples(type)
        from countIncludePad in new[] { true, false }
        let geometry = PoolGeometry.Read(this, sample.Attributes)
        select sample with { Attributes = Encode(geometry.Kernel, geometry.Strides, geometry.Low, geometry.High, countIncludePad) };

    /// <summary>What the sums are divided by: one number, or a tensor that broadcasts against them.</summary>
    internal static Value Divisor(IrBuilder builder, TensorType x, PoolGeometry geometry, bool countIncludePad)
    {
        var type = x.DType.ComputeType();
        if (countIncludePad) return builder.Constant(type, geometry.Kernel.Aggregate(1.0, (product, size) => product * size));
        return WindowSum(builder, builder.Constant(new TensorType(type, LazyHost.Shape.Create(x.Shape.Sizes[^geometry.Kernel.Length..])), 1), geometry);
    }

    private static Value WindowSum(IrBuilder builder, Value x, PoolGeometry geometry)
    {
        var (window, strides, low, high) = geometry.Over(builder.ShapeOf(x).Rank);
        return builder.Emit(Primitives.ReduceWindow, [x], IR.Attributes.Of(0, window, strides, low, high));
    }
}
