namespace LazyHost.IR;

/// <summary>One node of a <see cref="Graph"/>.</summary>
public sealed class Node
{
    internal Node(int index, OperatorForm form, Value[] operands, Attributes attributes, TensorType[] types, CallSite? site)
    {
        Index = index;
        Form = form;
        OperandArray = operands;
        Attributes = attributes;
        TypeArray = types;
        CallSite = site;
    }

    internal Value[] OperandArray { get; }

    internal TensorType[] TypeArray { get; }

    /// <summary>Its place in the graph.</summary>
    public int Index { get; }

    /// <summary>The operator.</summary>
    public OperatorForm Form { get; }

    /// <summary>The attributes.</summary>
    public Attributes Attributes { get; }

    /// <summary>The operands: values of earlier nodes.</summary>
    public ReadOnlySpan<Value> Operands => OperandArray;

    /// <summary>The types of the outputs.</summary>
    public ReadOnlySpan<TensorType> Types => TypeArray;

    /// <summary>The type of the first output.</summary>
    public TensorType Type => TypeArray[0];

    /// <summary>Where the user recorded the operation this node comes from.</summary>
    public CallSite? CallSite { get; }

    /// <summary>The number at position <paramref name="index"/>.</summary>
    public long Int(int index) => Attributes.Int(Form.Attributes, index);

    /// <summary>The list at position <paramref name="index"/>.</summary>
    public ReadOnlySpan<long> Ints(int index) => Attributes.Ints(Form.Attributes, index);

    /// <summary>The flag at position <paramref name="index"/>.</summary>
    public bool Bool(int index) => Attributes.Bool(Form.Attributes, index);

    /// <summary>The floating-point number at position <paramref name="index"/>.</summary>
    public double Float(int index) => Attributes.Float(Form.Attributes, index);

    /// <summary>The text at position <paramref name="index"/>.</summary>
    public string Text(int index) => Attributes.Text(Form.Attributes, index);

    /// <summary>Text such as <c>%3 = add(%1, %2) : f32[4]</c>.</summary>
    public override string ToString()
    {
        var attributes = Form.Attributes.Count == 0 ? "" : $" {{{Attributes.ToString(Form.Attributes)}}}";
        return $"%{Index} = {Form.Name}({string.Join(", ", OperandArray)}){attributes} : {string.Join(", ", TypeArray)}";
    }
}
