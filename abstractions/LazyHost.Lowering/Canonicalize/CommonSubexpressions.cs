using LazyHost.IR;

namespace LazyHost.Lowering.Canonicalize;

/// <summary>Computes equal nodes once: pure primitives of one form with equal attributes and operands.</summary>
public static class CommonSubexpressions
{
    /// <summary>The graph in which equal nodes are one.</summary>
    public static Graph Run(Graph graph) => new Rewriter().Run(graph);

    private sealed class Rewriter : GraphRewriter
    {
        private readonly Dictionary<Key, Value> seen = [];

        protected override Value? Rewrite(Node node, ReadOnlySpan<Value> operands) =>
            node.Form.IsPure && seen.TryGetValue(new(node.Form, node.Attributes, operands.ToArray()), out var value) ? value : null;

        protected override void Kept(Node node, ReadOnlySpan<Value> operands, Value value)
        {
            if (node.Form.IsPure) seen[new(node.Form, node.Attributes, operands.ToArray())] = value;
        }
    }

    private readonly struct Key(OperatorForm form, Attributes attributes, Value[] operands) : IEquatable<Key>
    {
        private readonly OperatorForm form = form;
        private readonly Attributes attributes = attributes;
        private readonly Value[] operands = operands;

        public bool Equals(Key other) => ReferenceEquals(form, other.form) && operands.AsSpan().SequenceEqual(other.operands)
            && attributes.Equals(other.attributes);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(form.Id);
            hash.Add(attributes);
            foreach (var operand in operands) hash.Add(operand);
            return hash.ToHashCode();
        }
    }
}
