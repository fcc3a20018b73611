using System.Globalization;
using LazyHost.IR;

namespace LazyHost;

/// <summary>The first difference of a graph to another.</summary>
/// <param name="Reason">Its kind.</param>
/// <param name="Node">The node of the graph where it shows, or null.</param>
/// <param name="What">What of the node is different: <c>operand 0</c>, <c>attribute axes</c>.</param>
/// <param name="Now">How it is.</param>
/// <param name="Before">How it was in the other.</param>
internal readonly record struct GraphDifference(CompileReason Reason, Node? Node, string What, string Now, string Before)
{
    /// <summary>Goes through the operators of both in order, then their results and inputs. Null where they are equal.</summary>
    public static GraphDifference? Find(Graph now, Graph before)
    {
        var (mine, others) = (new Places(now), new Places(before));
        var shared = Math.Min(mine.Operators.Count, others.Operators.Count);
        for (var i = 0; i < shared; i++)
        {
            var (a, b) = (mine.Operators[i], others.Operators[i]);
            if (a.Form != b.Form) return OtherOperator(mine, others, i);
            if ((OfOperands(now, before, a, b) ?? OfAttributes(a, b) ?? OfWiring(mine, others, a, b)) is { } found) return found;
        }
        if (mine.Operators.Count != others.Operators.Count) return OtherLength(mine, others, shared);
        return OfRoots(mine, others) ?? OfInputs(now, before);
    }

    private static GraphDifference OtherOperator(Places mine, Places others, int at)
    {
        var (now, before) = (mine.Operators, others.Operators);
        if (now.Count != before.Count)
        {
            var (same, shorter) = (0, Math.Min(now.Count, before.Count));
            while (same < shorter - at && now[now.Count - 1 - same].Form == before[before.Count - 1 - same].Form) same++;
            if (at + same == shorter) return OtherLength(mine, others, at);
        }
        return new(CompileReason.Operator, now[at], "operator", now[at].Form.Name, before[at].Form.Name);
    }

    private static GraphDifference OtherLength(Places mine, Places others, int at)
    {
        var (now, before) = (mine.Operators.Count, others.Operators.Count);
        var first = now > before ? mine.Operators[at] : others.Operators[at];
        return new(CompileReason.Length, now > before || at < now ? mine.Operators[at] : null,
            $"{Math.Abs(now - before)} operators {(now > before ? "more" : "fewer")}, from {first.Form.Name} on: the number", Text(now), Text(before));
    }

    private static GraphDifference? OfOperands(Graph now, Graph before, Node a, Node b)
    {
        if (a.Operands.Length != b.Operands.Length) return new(CompileReason.Operator, a, "the number of operands", Text(a.Operands.Length), Text(b.Operands.Length));
        for (var i = 0; i < a.Operands.Length; i++)
        {
            var (mine, other) = (now.TypeOf(a.Operands[i]), before.TypeOf(b.Operands[i]));
            bool isNumber = now.Nodes[a.Operands[i].Node].Form == InputForms.Scalar, wasNumber = before.Nodes[b.Operands[i].Node].Form == InputForms.Scalar;
            CompileReason? reason = isNumber != wasNumber || (isNumber && mine != other) ? CompileReason.Scalar
                : mine.DType != other.DType ? CompileReason.DType
                : !mine.Shape.Equals(other.Shape) ? CompileReason.Shape : null;
            if (reason is { } found) return new(found, a, $"operand {i}", isNumber ? $"a number ({mine.DType.Name()})" : mine.ToString(), wasNumber ? $"a number ({other.DType.Name()})" : other.ToString());
        }
        return null;
    }

    private static GraphDifference? OfAttributes(Node a, Node b)
    {
        if (a.Attributes.Equals(b.Attributes)) return null;
        var specs = a.Form.Attributes;
        var i = 0;
        while (i < specs.Count - 1 && a.Attributes.ToString(specs, i) == b.Attributes.ToString(specs, i)) i++;
        return new(CompileReason.Attribute, a, $"attribute {specs[i].Name}", Cut(a.Attributes.ToString(specs, i)), Cut(b.Attributes.ToString(specs, i)));
    }

    private static GraphDifference? OfWiring(Places mine, Places others, Node a, Node b)
    {
        for (var i = 0; i < a.Operands.Length; i++)
            if (mine.Of(a.Operands[i]) is var now && others.Of(b.Operands[i]) is var before && now != before) return new(CompileReason.Sharing, a, $"operand {i}", mine.Describe(a.Operands[i]), others.Describe(b.Operands[i]));
        return null;
    }

    private static GraphDifference? OfRoots(Places mine, Places others)
    {
        var (now, before) = (mine.Roots(), others.Roots());
        foreach (var (place, value) in now)
            if (!before.ContainsKey(place)) return new(CompileReason.Roots, mine.Graph.Nodes[value.Node], "the result", "asked for", "not asked for");
        foreach (var (place, value) in before)
            if (!now.ContainsKey(place)) return new(CompileReason.Roots, others.Graph.Nodes[value.Node], "the result", "not asked for", "asked for");
        return null;
    }

    private static GraphDifference? OfInputs(Graph now, Graph before)
    {
        for (var i = 0; i < Math.Min(now.Parameters.Count, before.Parameters.Count); i++)
            if (now.Parameters[i] != before.Parameters[i])
                return new(now.Parameters[i].DType != before.Parameters[i].DType ? CompileReason.DType : CompileReason.Shape, null, $"input {i}", now.Parameters[i].ToString(), before.Parameters[i].ToString());
        if (now.Nodes.Length == before.Nodes.Length && now.ToString() == before.ToString()) return null;
        return new(CompileReason.Sharing, null, "the order or number of inputs", $"{now.Parameters.Count} tensors and {now.Scalars.Count} numbers", $"{before.Parameters.Count} tensors and {before.Scalars.Count} numbers");
    }

    /// <summary>A constant may have thousands of elements.</summary>
    private static string Cut(string text) => text.Length <= 64 ? text : text[..63] + "…";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The values of a graph by their place among operators or inputs, which a node's index does not tell where inputs lie in between.</summary>
    private sealed class Places
    {
        private readonly int[] ordinals;

        public Places(Graph graph)
        {
            Graph = graph;
            ordinals = new int[graph.Nodes.Length];
            foreach (var node in graph.Nodes)
            {
                if (CachedComputation.IsInput(node)) ordinals[node.Index] = (int)node.Int(0);
                else
                {
                    ordinals[node.Index] = Operators.Count;
                    Operators.Add(node);
                }
            }
        }

        public Graph Graph { get; }

        public List<Node> Operators { get; } = [];

        public (OperatorForm? Input, int Ordinal, int Output) Of(Value value)
        {
            var node = Graph.Nodes[value.Node];
            return (CachedComputation.IsInput(node) ? node.Form : null, ordinals[value.Node], value.Output);
        }

        public string Describe(Value value) => Of(value) switch
        {
            ({ } form, var slot, _) => $"{(form == InputForms.Scalar ? "number" : "input")} {slot}",
            var (_, ordinal, output) => $"result{(output == 0 ? "" : $" {output}")} of operator {ordinal} ({Graph.Nodes[value.Node].Form.Name})",
        };

        public Dictionary<(OperatorForm?, int, int), Value> Roots()
        {
            var roots = new Dictionary<(OperatorForm?, int, int), Value>();
            foreach (var root in Graph.Roots) roots.TryAdd(Of(root), root);
            return roots;
        }
    }
}
