using LazyHost.IR;

namespace LazyHost.Contract;

/// <summary>A primitive on written-out operands, with the answer a person worked out.</summary>
internal sealed class Literal
{
    private Literal(Primitive primitive, Attributes attributes, Elements[] operands) => (Primitive, Attributes, Operands) = (primitive, attributes, operands);

    public Primitive Primitive { get; }

    public Attributes Attributes { get; }

    public IReadOnlyList<Elements> Operands { get; }

    public IReadOnlyList<Elements> Expected { get; private set; } = [];

    /// <summary>How near the answer must be in an element type.</summary>
    public Func<DType, Tolerance> Tolerance { get; private set; } = _ => IR.Tolerance.Exact;

    public static Literal Of(Primitive primitive, params Elements[] operands) => new(primitive, default, operands);

    public static Literal Of(Primitive primitive, Attributes attributes, params Elements[] operands) => new(primitive, attributes, operands);

    public Literal Gives(params Elements[] expected)
    {
        Expected = expected;
        return this;
    }

    /// <summary>To the primitive's tolerance: where the answer is no number of the element type, or a function is only computed approximately.</summary>
    public Literal GivesNearly(params Elements[] expected)
    {
        (Expected, Tolerance) = (expected, Primitive.Tolerance);
        return this;
    }

    /// <summary>To the relative part of the primitive's tolerance: for small answers that must not be lost in rounding.</summary>
    public Literal GivesRelatively(params Elements[] expected)
    {
        (Expected, Tolerance) = (expected, type => Primitive.Tolerance(type) with { Absolute = 0 });
        return this;
    }

    public static Attributes With(params ReadOnlySpan<AttributeValue> values) => Attributes.Of(values);

    public static AttributeValue Ints(params long[] values) => values;

    public const double NaN = double.NaN;
    public const double Inf = double.PositiveInfinity;

    public static Elements F16(params double[] values) => Elements.Of(DType.Float16, values);

    public static Elements BF16(params double[] values) => Elements.Of(DType.BFloat16, values);

    public static Elements F32(params double[] values) => Elements.Of(DType.Float32, values);

    public static Elements F64(params double[] values) => Elements.Of(DType.Float64, values);

    public static Elements I8(params Int128[] values) => Elements.OfIntegers(DType.Int8, values);

    public static Elements U8(params Int128[] values) => Elements.OfIntegers(DType.UInt8, values);

    public static Elements I16(params Int128[] values) => Elements.OfIntegers(DType.Int16, values);

    public static Elements U16(params Int128[] values) => Elements.OfIntegers(DType.UInt16, values);

    public static Elements I32(params Int128[] values) => Elements.OfIntegers(DType.Int32, values);

    public static Elements U32(params Int128[] values) => Elements.OfIntegers(DType.UInt32, values);

    public static Elements I64(params Int128[] values) => Elements.OfIntegers(DType.Int64, values);

    public static Elements U64(params Int128[] values) => Elements.OfIntegers(DType.UInt64, values);

    public static Elements Bool(params Int128[] values) => Elements.OfIntegers(DType.Bool, values);
}
