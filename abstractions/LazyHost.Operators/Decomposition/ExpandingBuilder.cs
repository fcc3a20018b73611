using LazyHost.Backends;
using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// A builder that expands each node it is given as far as the backend asks. Its values stand for lists of outputs, since an expanded node is many nodes
/// of the graph or none. Nesting is that of operators in decompositions, not of the graph.
/// </summary>
internal sealed class ExpandingBuilder(CapabilityQuery query) : IrBuilder
{
    /// <summary>Deeper than any sensible operator: a form that decomposes into itself ends here.</summary>
    private const int MaxDepth = 64;

    private readonly GraphBuilder target = new();
    private readonly List<Value[]> outputs = [];
    private int depth;

    public override TensorType TypeOf(Value value) => target.TypeOf(Target(value));

    public Graph Build() => target.Build();

    public void AddRoot(Value value) => target.AddRoot(Target(value));

    /// <summary>Takes over a node of another graph; <paramref name="places"/> holds the value that stands for each earlier one.</summary>
    public Value Copy(Node node, Value[] places)
    {
        target.CallSite = node.CallSite;
        if (node.Form == InputForms.Parameter || node.Form == InputForms.Scalar) return Add([target.CopyInput(node)]);
        var operands = new Value[node.Operands.Length];
        for (var i = 0; i < operands.Length; i++) operands[i] = node.Operands[i] with { Node = places[node.Operands[i].Node].Node };
        return Expand(node.Form, operands, node.Attributes, TypesOf(operands), node.Types);
    }

    public override Value Emit(OperatorForm form, ReadOnlySpan<Value> operands, Attributes attributes = default)
    {
        var (least, most) = form.OperandCount;
        if (operands.Length < least || operands.Length > most)
            throw new InvalidAttributeException($"takes {(least == most ? least : $"{least} to {most}")} operands but was given {operands.Length}")
                .At(form.Name, target.CallSite);
        var types = new TensorType[form.OutputCount];
        var operandTypes = TypesOf(operands);
        try { form.Infer(new InferenceContext(form, operandTypes, attributes), types); }
        catch (LazyHostException e) { e.At(form.Name, target.CallSite); throw; }
        return Expand(form, operands, attributes, operandTypes, types);
    }

    private Value Expand(OperatorForm form, ReadOnlySpan<Value> operands, Attributes attributes, TensorType[] operandTypes, ReadOnlySpan<TensorType> types)
    {
        var capability = query(new OperatorQuery(form, attributes, operandTypes, types));
        if (capability == Capability.Whole) return Add(Keep(form, operands, attributes, types));
        if (capability == Capability.No || form is Primitive)
            throw Refused($"the backend cannot run it for {Describe(operandTypes)} giving {Describe(types)}").At(form.Name, target.CallSite);
        if (++depth > MaxDepth) throw Refused($"its decomposition does not end: it is still expanding after {MaxDepth} levels").At(form.Name, target.CallSite);
        Value[] parts;
        try { parts = form.Decompose(this, operands, attributes); }
        catch (LazyHostException e) { e.At(form.Name, target.CallSite); throw; }
        depth--;
        Check(form, parts, types);
        return Add(Array.ConvertAll(parts, Target));
    }

    private Value[] Keep(OperatorForm form, ReadOnlySpan<Value> operands, Attributes attributes, ReadOnlySpan<TensorType> types)
    {
        var real = new Value[operands.Length];
        for (var i = 0; i < real.Length; i++) real[i] = Target(operands[i]);
        var first = target.Emit(form, real, attributes, types);
        var all = new Value[form.OutputCount];
        for (var i = 0; i < all.Length; i++) all[i] = first with { Output = i };
        return all;
    }

    private void Check(OperatorForm form, Value[] parts, ReadOnlySpan<TensorType> types)
    {
        var fits = parts.Length == types.Length;
        for (var i = 0; fits && i < parts.Length; i++)
            fits = TypeOf(parts[i]).DType == types[i].DType && TypeOf(parts[i]).Shape.Sizes.SequenceEqual(types[i].Shape.Sizes);
        if (!fits)
            throw Refused($"its decomposition gives {Describe(TypesOf(parts))} but its type rule says {Describe(types)}; one of them is wrong")
                .At(form.Name, target.CallSite);
    }

    private Value Target(Value value) => outputs[value.Node][value.Output];

    private Value Add(Value[] values)
    {
        outputs.Add(values);
        return new(outputs.Count - 1);
    }

    private TensorType[] TypesOf(ReadOnlySpan<Value> values)
    {
        var types = new TensorType[values.Length];
        for (var i = 0; i < types.Length; i++) types[i] = TypeOf(values[i]);
        return types;
    }

    private static UnsupportedOperatorException Refused(string message) => new(message);

    private static string Describe(ReadOnlySpan<TensorType> types) => types.IsEmpty ? "no operands" : string.Join(", ", types.ToArray());
}
