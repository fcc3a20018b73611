using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Converts the element type. Attribute dtype. Floating-point to integer truncates and saturates, NaN gives 0; integers wrap; all but 0 is true.
/// </summary>
public sealed class Cast : UnaryForm
{
    private Cast() : base("cast", new AttributeSpec("dtype", AttributeKind.DType)) { }

    /// <summary>The form.</summary>
    public static Cast Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(DType type) => IR.Attributes.Of(type);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => LazyHost.DTypes.All;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var type = context.Int(0);
        Rules.RequireAttribute(type >= 0 && type < LazyHost.DTypes.All.Count, $"{type} is no element type");
        outputs[0] = context.Operands[0].With((DType)type);
    }

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value x, Attributes attributes) => builder.PrimCast(x, attributes.DType(Attributes, 0));

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => gradient;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) => LazyHost.DTypes.All.SelectMany(to => SampleSets.Unary(type, -3, 3, Encode(to)));
}
