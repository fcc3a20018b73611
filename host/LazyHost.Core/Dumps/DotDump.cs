using System.Globalization;
using System.Text;
using LazyHost.IR;

namespace LazyHost;

/// <summary>A graph in the language of Graphviz; roots have two borders.</summary>
internal static class DotDump
{
    public static string Write(Graph graph)
    {
        var roots = GraphDump.Roots(graph);
        var text = new StringBuilder("digraph segment {\n  node [shape=box]\n");
        foreach (var node in graph.Nodes)
        {
            text.Append(CultureInfo.InvariantCulture, $"  n{node.Index} [label=\"").AppendJoin("\\n", GraphDump.Label(node, roots[node.Index]).Select(Escape)).Append('"');
            if (roots[node.Index] is not null) text.Append(", peripheries=2");
            text.Append("]\n");
        }
        foreach (var node in graph.Nodes)
            for (var i = 0; i < node.Operands.Length; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"  n{node.Operands[i].Node} -> n{node.Index}");
                if (GraphDump.Edge(node, i) is { Length: > 0 } label) text.Append(CultureInfo.InvariantCulture, $" [label=\"{label}\"]");
                text.Append('\n');
            }
        return text.Append("}\n").ToString();
    }

    private static string Escape(string label) => label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\r", "\\\\r", StringComparison.Ordinal).Replace("\n", "\\\\n", StringComparison.Ordinal);
}
