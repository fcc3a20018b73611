namespace LazyHost.IR;

/// <summary>What an operator's dtype and shape rule sees.</summary>
public readonly ref struct InferenceContext
{
    private readonly IReadOnlyList<AttributeSpec> specs;

    /// <summary>Makes a context.</summary>
    public InferenceContext(OperatorForm form, ReadOnlySpan<TensorType> operands, Attributes attributes)
    {
        specs = form.Attributes;
        Operands = operands;
        Attributes = attributes;
    }

    /// <summary>The types of the operands.</summary>
    public ReadOnlySpan<TensorType> Operands { get; }

    /// <summary>The attributes as encoded.</summary>
    public Attributes Attributes { get; }

    /// <summary>The number at position <paramref name="index"/>.</summary>
    public long Int(int index) => Attributes.Int(specs, index);

    /// <summary>The list at position <paramref name="index"/>.</summary>
    public ReadOnlySpan<long> Ints(int index) => Attributes.Ints(specs, index);

    /// <summary>The flag at position <paramref name="index"/>.</summary>
    public bool Bool(int index) => Attributes.Bool(specs, index);

    /// <summary>The floating-point number at position <paramref name="index"/>.</summary>
    public double Float(int index) => Attributes.Float(specs, index);

    /// <summary>The element type at position <paramref name="index"/>.</summary>
    public DType DType(int index) => Attributes.DType(specs, index);
}
