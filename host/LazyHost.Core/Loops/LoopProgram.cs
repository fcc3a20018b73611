using LazyHost.IR;

namespace LazyHost;

/// <summary>A compiled loop, and where in the buffers and numbers of a run its operands are.</summary>
internal sealed class LoopProgram
{
    public LoopProgram(Graph part, Node node, Computation body, Computation? condition)
    {
        (Body, Condition, Form) = (body, condition, (LoopForm)node.Form);
        Types = node.Types.ToArray();
        var sources = node.Operands.ToArray().Select(operand => part.Nodes[operand.Node]).Select(n => (IsNumber: n.Form == InputForms.Scalar, Slot: (int)n.Int(0))).ToArray();
        var at = 0;
        if (condition is null) Count = sources[at++];
        Carried = Take(Form.Carried);
        BodyInputs = Take(Form.Body.Parameters.Count - Form.Carried);
        ConditionInputs = Take((Form.Condition?.Parameters.Count ?? Form.Carried) - Form.Carried);
        BodyNumbers = Take(Form.Body.Scalars.Count - (condition is null ? 1 : 0));
        ConditionNumbers = Take(Form.Condition?.Scalars.Count ?? 0);
        Outputs = [.. Enumerable.Repeat(-1, Form.Carried)];
        for (var i = 0; i < part.Roots.Length; i++) Outputs[part.Roots[i].Output] = i;

        int[] Take(int count)
        {
            at += count;
            return [.. sources[(at - count)..at].Select(source => source.Slot)];
        }
    }

    public LoopForm Form { get; }

    public Computation Body { get; }

    public Computation? Condition { get; }

    public Computation[] Programs => Condition is null ? [Body] : [Body, Condition];

    /// <summary>The types of the carried values.</summary>
    public TensorType[] Types { get; }

    /// <summary>Where the number of turns is: a slot of the run's numbers, or of its inputs.</summary>
    public (bool IsNumber, int Slot) Count { get; }

    public int[] Carried { get; }

    public int[] BodyInputs { get; }

    public int[] ConditionInputs { get; }

    public int[] BodyNumbers { get; }

    public int[] ConditionNumbers { get; }

    /// <summary>By carried value: the output of the run it becomes, or -1 where nobody needs it.</summary>
    public int[] Outputs { get; }

    /// <summary>The loop of a part that is one, or null.</summary>
    public static Node? NodeOf(Graph part) => Array.Find(part.Nodes.ToArray(), static node => node.Form is LoopForm);

    public string Dump() => $"loop of {Types.Length} carried values\n{(Condition is null ? "" : $"condition:\n{Condition.Dump()}")}body:\n{Body.Dump()}";
}
