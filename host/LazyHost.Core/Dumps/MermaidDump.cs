using System.Globalization;
using System.Text;
using LazyHost.IR;

namespace LazyHost;

/// <summary>A graph as a Mermaid flowchart; roots have two borders.</summary>
internal static class MermaidDump
{
    public static string Write(Graph graph)
    {
        var roots = GraphDump.Roots(graph);
        var text = new StringBuilder("flowchart TD\n");
        foreach (var node in graph.Nodes)
        {
            var (open, close) = roots[node.Index] is null ? ("[", "]") : ("[[", "]]");
            text.Append(CultureInfo.InvariantCulture, $"  n{node.Index}{open}\"").AppendJoin("<br/>", GraphDump.Label(node, roots[node.Index]).Select(Escape)).Append('"').Append(close).Append('\n');
        }
        foreach (var node in graph.Nodes)
            for (var i = 0; i < node.Operands.Length; i++)
            {
                var label = GraphDump.Edge(node, i);
                text.Append(CultureInfo.InvariantCulture, $"  n{node.Operands[i].Node} -->{(label.Length > 0 ? $"|\"{label}\"|" : "")} n{node.Index}\n");
            }
        return text.ToString();
    }

    /// <summary>Quoted labels take anything but quotes and line ends; what looks like HTML, an entity or Markdown would be read as such.</summary>
    private static string Escape(string label)
    {
        var text = new StringBuilder(label.Length);
        foreach (var c in label)
            if (c is '"' or '#' or '<' or '>' or '&' or '`' || c < ' ') text.Append(CultureInfo.InvariantCulture, $"#{(int)c};");
            else text.Append(c);
        return text.ToString();
    }
}
