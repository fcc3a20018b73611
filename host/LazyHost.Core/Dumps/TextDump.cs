using System.Text;
using LazyHost.IR;

namespace LazyHost;

/// <summary>A graph as text: one line a node, with operands, attributes, types, root and place.</summary>
internal static class TextDump
{
    public static string Write(Graph graph)
    {
        var roots = GraphDump.Roots(graph);
        var text = new StringBuilder();
        foreach (var node in graph.Nodes)
        {
            text.Append(OneLine(node.ToString()));
            if (roots[node.Index] is { } root) text.Append("  ").Append(root);
            if (node.CallSite is { } site) text.Append("  ").Append(OneLine(site.File.Length > 0 ? $"at {site}" : $"in {site.Scope}"));
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Texts in attributes and names of scopes may have anything in them; a node stays on its line.</summary>
    private static string OneLine(string text) => text.AsSpan().IndexOfAny('\n', '\r') < 0 ? text : text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
