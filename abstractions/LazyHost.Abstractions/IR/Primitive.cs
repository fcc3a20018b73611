namespace LazyHost.IR;

/// <summary>The form of a primitive: what every backend must lower, and what backends switch on.</summary>
public abstract class Primitive : OperatorForm
{
    private readonly (int, int) operandCount;

    /// <summary>Makes a primitive's form.</summary>
    protected Primitive(PrimitiveKind kind, string name, int least, int most, params AttributeSpec[] attributes) : base("prim." + name, attributes)
    {
        Kind = kind;
        operandCount = (least, most);
    }

    /// <summary>Which primitive it is.</summary>
    public PrimitiveKind Kind { get; }

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => operandCount;
}
