namespace LazyHost;

/// <summary>How a graph is written.</summary>
public enum DumpFormat
{
    /// <summary>One line a node.</summary>
    Text,
    /// <summary>The language of Graphviz.</summary>
    Dot,
    /// <summary>A Mermaid flowchart, as Markdown pages show them.</summary>
    Mermaid,
    /// <summary>What the backend makes of it: its program as text. Compiles, but runs and keeps nothing.</summary>
    Backend,
}
