namespace LazyHost.IR;

/// <summary>Builds a <see cref="Graph"/>.</summary>
public sealed class GraphBuilder : IrBuilder
{
    private readonly List<Node> nodes = [];
    private readonly List<Value> roots = [];
    private readonly List<TensorType> parameters = [];
    private readonly List<DType> scalars = [];

    /// <summary>The place in the user's source given to the nodes that follow.</summary>
    public CallSite? CallSite { get; set; }

    /// <summary>The nodes so far.</summary>
    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>Adds a device buffer the program takes, in the next slot.</summary>
    public Value Parameter(TensorType type)
    {
        parameters.Add(type);
        return Emit(InputForms.Parameter, [], IR.Attributes.Of(parameters.Count - 1, type.DType, type.Shape));
    }

    /// <summary>Adds a number the program takes, in the next slot.</summary>
    public Value Scalar(DType type)
    {
        scalars.Add(type);
        return Emit(InputForms.Scalar, [], IR.Attributes.Of(scalars.Count - 1, type));
    }

    /// <summary>Makes a value an output of the program.</summary>
    public void AddRoot(Value value) => roots.Add(value);

    /// <inheritdoc/>
    public override TensorType TypeOf(Value value) => nodes[value.Node].TypeArray[value.Output];

    /// <inheritdoc/>
    public override Value Emit(OperatorForm form, ReadOnlySpan<Value> operands, Attributes attributes = default)
    {
        var (least, most) = form.OperandCount;
        if (operands.Length < least || operands.Length > most)
            throw new InvalidAttributeException($"takes {(least == most ? least : $"{least} to {most}")} operands but was given {operands.Length}").At(form.Name, CallSite);
        var types = new TensorType[operands.Length];
        for (var i = 0; i < operands.Length; i++) types[i] = TypeOf(operands[i]);
        var outputs = new TensorType[form.OutputCount];
        try { form.Infer(new InferenceContext(form, types, attributes), outputs); }
        catch (LazyHostException e) { e.At(form.Name, CallSite); throw; }
        nodes.Add(new(nodes.Count, form, operands.ToArray(), attributes, outputs, CallSite));
        return new(nodes.Count - 1);
    }

    /// <summary>Adds a node whose operands have been checked and whose output types are known: what the form's rule gave for these operands.</summary>
    public Value Emit(OperatorForm form, ReadOnlySpan<Value> operands, Attributes attributes, ReadOnlySpan<TensorType> outputs)
    {
        nodes.Add(new(nodes.Count, form, operands.ToArray(), attributes, outputs.ToArray(), CallSite));
        return new(nodes.Count - 1);
    }

    /// <summary>Copies a parameter or scalar node of another graph, keeping its slot; slots must be copied in order.</summary>
    public Value CopyInput(Node input) => input.Form == InputForms.Parameter ? Parameter(input.Type) : Scalar(input.Type.DType);

    /// <summary>The graph built so far.</summary>
    public Graph Build() => new([.. nodes], [.. roots], [.. parameters], [.. scalars]);
}
