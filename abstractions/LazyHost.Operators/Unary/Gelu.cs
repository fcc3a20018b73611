using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The Gaussian error linear unit (Hendrycks and Gimpel 2016). Attribute approximate: "none" for x * Phi(x) = x / 2 * (1 + erf(x / sqrt(2))), "tanh" for
/// x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))). Integers and bool give f32.
/// </summary>
public sealed class Gelu : CompositeUnaryForm
{
    private const double Sqrt2OverPi = 0.79788456080286536;
    private const double Cubic = 0.044715;

    private Gelu() : base("gelu", new AttributeSpec("approximate", AttributeKind.Text)) { }

    /// <summary>The form.</summary>
    public static Gelu Form { get; } = new();

    /// <summary>Encodes the attributes; <paramref name="approximate"/> is "none" or "tanh".</summary>
    public static Attributes Encode(string approximate = "none") => IR.Attributes.Of(approximate);

    /// <inheritdoc/>
    protected override (double Low, double High) SampleRange => (-6, 6);

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var approximate = context.Attributes.Text(Attributes, 0);
        Rules.RequireAttribute(approximate is "none" or "tanh", $"approximate is \"{approximate}\"; it must be \"none\" or \"tanh\"");
        base.Infer(context, outputs);
    }

    /// <inheritdoc/>
    protected override Value Compute(IrBuilder builder, Value x, Attributes attributes) =>
        builder.Mul(builder.Mul(x, 0.5), builder.Add(IsTanh(attributes) ? builder.Tanh(Inner(builder, x)) : builder.Erf(builder.Mul(x, Math.Sqrt(0.5))), 1));

    /// <inheritdoc/>
    protected override Value Derivative(IrBuilder builder, Value x, Attributes attributes)
    {
        if (!IsTanh(attributes))
        {
            var area = builder.Mul(builder.Add(builder.Erf(builder.Mul(x, Math.Sqrt(0.5))), 1), 0.5);
            var density = builder.Mul(builder.Exp(builder.Mul(builder.Square(x), -0.5)), 1 / Math.Sqrt(2 * Math.PI));
            return builder.Add(area, builder.Mul(x, density));
        }
        var t = builder.Tanh(Inner(builder, x));
        var left = builder.Mul(builder.Add(t, 1), 0.5);
        var slope = builder.Add(builder.Mul(builder.Square(x), 3 * Cubic * Sqrt2OverPi), Sqrt2OverPi);
        var right = builder.Mul(builder.Mul(x, 0.5), builder.Sub(builder.Constant(builder.DTypeOf(t), 1), builder.Square(t)));
        return builder.Add(left, builder.Mul(right, slope));
    }

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) =>
        SampleSets.Unary(type, -6, 6, Encode("none")).Concat(SampleSets.Unary(type, -6, 6, Encode("tanh")));

    private bool IsTanh(Attributes attributes) => attributes.Text(Attributes, 0) == "tanh";

    private static Value Inner(IrBuilder builder, Value x) =>
        builder.Mul(builder.Add(builder.Mul(builder.Mul(builder.Square(x), x), Cubic), x), Sqrt2OverPi);
}
