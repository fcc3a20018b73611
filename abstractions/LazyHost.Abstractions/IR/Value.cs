namespace LazyHost.IR;

/// <summary>One output of one node of a graph or tape.</summary>
/// <param name="Node">The node's index.</param>
/// <param name="Output">Which of its outputs, from 0.</param>
public readonly record struct Value(int Node, int Output = 0)
{
    /// <inheritdoc/>
    public override string ToString() => Output == 0 ? $"%{Node}" : $"%{Node}.{Output}";
}
