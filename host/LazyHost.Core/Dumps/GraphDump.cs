using LazyHost.IR;

namespace LazyHost;

/// <summary>Graphs as text. The same graph always gives the same text.</summary>
internal static class GraphDump
{
    private const int LabelLength = 64;

    /// <summary>The graph in a format that needs no backend.</summary>
    public static string Write(Graph graph, DumpFormat format) => format switch
    {
        DumpFormat.Text => TextDump.Write(graph),
        DumpFormat.Dot => DotDump.Write(graph),
        DumpFormat.Mermaid => MermaidDump.Write(graph),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "a graph by itself has no program"),
    };

    /// <summary>For each node, the places of its outputs among the program's, such as <c>ROOT 0</c>; null for nodes that are none.</summary>
    public static string?[] Roots(Graph graph)
    {
        var marks = new string?[graph.Nodes.Length];
        for (var i = 0; i < graph.Roots.Length; i++)
        {
            var root = graph.Roots[i];
            var mark = root.Output == 0 ? $"ROOT {i}" : $"ROOT {i} of .{root.Output}";
            marks[root.Node] = marks[root.Node] is { } others ? $"{others}, {mark}" : mark;
        }
        return marks;
    }

    /// <summary>What pictures say of a node: operator and attributes, types, place, root; each line cut at 64 characters.</summary>
    public static IEnumerable<string> Label(Node node, string? root)
    {
        var attributes = node.Form.Attributes.Count == 0 ? "" : $" {{{node.Attributes.ToString(node.Form.Attributes)}}}";
        yield return Cut($"%{node.Index} {node.Form.Name}{attributes}");
        yield return Cut(string.Join(", ", node.Types.ToArray()));
        if (node.CallSite is { } site) yield return Cut(site.ToString());
        if (root is not null) yield return Cut(root);
    }

    /// <summary>What pictures say of an edge: the operand's place where there are several, and the output where it is not the first.</summary>
    public static string Edge(Node node, int operand)
    {
        var output = node.Operands[operand].Output == 0 ? "" : $".{node.Operands[operand].Output}";
        return node.Operands.Length == 1 ? output : $"{output} {operand}".TrimStart();
    }

    private static string Cut(string label)
    {
        if (label.Length <= LabelLength) return label;
        var end = char.IsHighSurrogate(label[LabelLength - 2]) ? LabelLength - 2 : LabelLength - 1;
        return label[..end] + "…";
    }
}
